import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserMissing, executablePath, launchChromium, troubleOf } from "./chromium.ts";
import { pageKinds } from "./report-pages.ts";

const kinds = pageKinds();
const builtPage = new URL("../dist/report-page/index.html", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "keelhaul-layout-"));
afterAll(() => rmSync(folder, { recursive: true }));

if (browserMissing)
  console.warn(`Skipped: the layout of reports, for want of ${executablePath} (apt-get install chromium)`);

describe.skipIf(browserMissing)("every kind of page", () => {
  let browser: Browser;
  beforeAll(async () => {
    if (!existsSync(builtPage)) await build({ logLevel: "warn" });
    for (const [name, html] of Object.entries(kinds)) writeFileSync(join(folder, `${name}.html`), html());
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  describe.each(["light", "dark"] as const)("on a %s page", (colorScheme) => {
    test.each(Object.keys(kinds))("%s fits a telephone, and no label covers another at any width", async (kind) => {
      const page = await browser.newPage({ colorScheme });
      const trouble = troubleOf(page);
      await page.goto(pathToFileURL(join(folder, `${kind}.html`)).href);
      for (const width of [390, 800, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForFunction(settled);
        expect(await page.evaluate<number>(panning), `${kind} at ${width} px pans`).toBeLessThanOrEqual(0);
        expect(await coveredLabels(page), `${kind} at ${width} px`).toEqual([]);
      }
      await page.close();
      expect(trouble).toEqual([]);
    });
  });
});

/** Figures are drawn to the width of the page, after it has changed. */
const settled = `(() => {
  const figures = [...document.querySelectorAll(".time-stack > svg")];
  return document.querySelector("h1") !== null && figures.every((svg) => {
    return Math.abs(svg.getBoundingClientRect().width - svg.parentElement.clientWidth) < 2;
  });
})()`;

/** By how many pixels the page is wider than its window. */
const panning = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** Pairs of labels of one axis whose boxes overlap. */
function coveredLabels(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("svg")].flatMap((svg) => {
    const labels = [...svg.querySelectorAll(".tick-label")].map((label) => [label.textContent, label.getBoundingClientRect()]);
    const seen = labels.filter(([, box]) => box.width > 0);
    return seen.flatMap(([text, a], at) => seen.slice(at + 1).flatMap(([other, b]) => {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      return apart ? [] : [text + " and " + other];
    }));
  })`);
}

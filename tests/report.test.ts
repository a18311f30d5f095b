import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runFiles } from "../history/test-record.ts";
import type { PageData } from "../reports/kind.ts";
import type { MutantRow } from "../reports/mutants/digest.ts";
import { renderPage } from "../reports/page.ts";
import { reports } from "../reports/registry.ts";
import { writeArchive } from "../reports/run/archive.ts";
import type { RunMaterial } from "../reports/run/digest/run.ts";
import type { RunDigest } from "../reports/run/digest/types.ts";
import { writeMarkdown, writeReport, writeReportTo } from "../reports/run/write.ts";
import { browserMissing, executablePath, launchChromium, troubleOf } from "./chromium.ts";
import { mutantMatrix, tried, withInvariant, withThousands } from "./report-pages.ts";
import { type SyntheticRun, syntheticRun } from "./report-support.ts";

const builtPage = new URL("../dist/report-page/index.html", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "keelhaul-report-"));

beforeAll(async () => {
  if (!existsSync(builtPage)) await build({ logLevel: "warn" });
});
afterAll(() => rmSync(folder, { recursive: true }));

if (browserMissing) {
  test.skipIf(process.env["CI"] !== "true")(`report in a browser: there is no ${executablePath}`, () => {
    throw new Error(`${executablePath} is missing; CI has to have it. Remedy: apt-get install chromium`);
  });
  console.warn(`Skipped: the report in a browser, for want of ${executablePath} (apt-get install chromium)`);
}

describe.skipIf(browserMissing)("the report of a run, opened from disk", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  describe.each(["light", "dark"] as const)("on a %s page", (colorScheme) => {
    test("a valid run says so, and shows faults with evidence and the command", async () => {
      const run = syntheticRun({ seed: 7, verdict: "valid" });
      await open(browser, colorScheme, run, async (page) => {
        expect(await page.title()).toBe("valid: register - Keelhaul");
        expect(await textOf(page.locator("header .verdict-mark"))).toMatch(/✓\s*valid/i);
        expect(await textOf(page.locator("h1"))).toBe(run.results.summary);
        expect(await page.locator("#contradictions").count()).toBe(0);
        expect(await page.locator("table.faults tbody").count()).toBe(4);
        expect(await textOf(page.locator("table.faults"))).toContain("NO EFFECT");
        expect(await textOf(page.locator(".command code"))).toBe(run.test.command);
      });
    });

    test("an invalid run draws the operations that contradict each other", async () => {
      const run = syntheticRun({ seed: 7, verdict: "invalid" });
      await open(browser, colorScheme, run, async (page) => {
        expect(await textOf(page.locator("header .verdict-mark"))).toMatch(/✗\s*invalid/i);
        const first = page.locator("details.violation").first();
        expect(await textOf(first.locator("summary"))).toContain("n1 answered process 907's read of k9");
        expect(await first.locator(".operation-label").allTextContents()).toEqual([
          "write 9041",
          "cas 9041→9044",
          "read → 9041 ✗",
        ]);
        expect(await first.locator(".order-badge").count()).toBe(3);
        expect(await textOf(first.locator(".order.impossible title"))).toContain("overwrote");
        expect(await first.locator("table tbody tr").count()).toBe(3);
        expect(await textOf(first.locator(".fault-name"))).toBe("network cut (leader) n1");
        expect(await page.locator(".more-examples details.violation, details.violation:not([open])").count()).toBe(1);
        await page.locator(".evidence summary").first().click();
        expect(await textOf(page.locator(".evidence-lists").first())).toContain("probe refused after 150 ms");
      });
    });

    test("an invariant that was broken is told with the last steps of the nodes, and marked in time", async () => {
      const run = withInvariant(syntheticRun({ seed: 7, verdict: "valid" }));
      await open(browser, colorScheme, run, async (page) => {
        expect(await textOf(page.locator(".finding"))).toContain("At most one server leads in a term.");
        expect(await page.locator(".node-steps tbody tr").count()).toBe(2);
        expect(await textOf(page.locator(".node-steps .involved"))).toContain("is leader of term 3 (won)");
        expect(await textOf(page.locator(".violation-mark title"))).toBe("I1 broken at 9.000 s");
      });
    });
  });

  test("thousands of stale reads are one group with its count and nodes, and the measure of them has no tick", async () => {
    await open(browser, "light", withThousands(syntheticRun({ seed: 7, verdict: "invalid" })), async (page) => {
      expect(await page.locator(".violation-group").count()).toBe(1);
      expect(await textOf(page.locator(".tally"))).toBe(
        "3,120 × stale-read: a read returned a value that had certainly been overwritten before it began." +
          " The examples are of 20 keys. By node: n1 3,000, n2 120.",
      );
      expect(await page.locator("details.violation[open]").count()).toBe(1);
      expect(await textOf(page.locator(".more-examples > summary"))).toBe("19 more examples of this kind");
      const staleness = page.locator(".checkers li", { hasText: "staleness" });
      expect(await textOf(staleness.locator(".verdict-mark"))).toBe("!noted");
      expect(await textOf(page.locator(".warnings"))).toContain("and 999 more warnings like this");
    });
  });

  test("a plot of some operations says of how many, and one of all of them does not", async () => {
    const [all, some] = [2, 60].map((seconds) => syntheticRun({ seed: 7, verdict: "valid", seconds, rate: 200 }));
    await open(browser, "light", all!, async (page) => expect(await page.locator(".sample").count()).toBe(0));
    await open(browser, "light", some!, async (page) => {
      expect(await textOf(page.locator(".sample"))).toMatch(/^[\d,]+ of \d,\d{3} operations shown; the lines/);
    });
  });

  test("settings that differ from their defaults come first", async () => {
    const run = syntheticRun({ seed: 7, verdict: "valid" });
    const changed = { ...run.test, readMode: "local", changed: ["readMode"] };
    await open(browser, "dark", { ...run, test: changed }, async (page) => {
      expect(await textOf(page.locator("header .changed-settings"))).toBe("read mode local");
      expect(await textOf(page.locator("dl.plan").first())).toBe("read modelocal");
    });
  });

  test("the reader's choice of theme wins over the system's", async () => {
    await open(browser, "light", syntheticRun({ seed: 7, verdict: "valid" }), async (page) => {
      const background = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      const light = await background();
      await page.getByRole("button", { name: "Dark page" }).click();
      expect(await background()).not.toBe(light);
      await page.getByRole("button", { name: "Light page" }).click();
      expect(await background()).toBe(light);
    });
  });

  test("the keyboard moves through the run and zooms", async () => {
    await open(browser, "light", syntheticRun({ seed: 7, verdict: "valid" }), async (page) => {
      await page.locator(".time-stack").focus();
      await page.keyboard.press("ArrowRight");
      expect(await textOf(page.locator(".readout"))).toMatch(/15\.300 s[\s\S]*leader n3 \(term 2\)/);
      await page.keyboard.press("+");
      await page.getByRole("button", { name: "Whole run" }).click();
      expect(await page.getByRole("button", { name: "Whole run" }).isDisabled()).toBe(true);
    });
  });

  test("an unknown verdict comes with its cause and remedy", async () => {
    const run = syntheticRun({ seed: 7, verdict: "valid" });
    const results = { ...run.results, verdict: "unknown", summary: "the search gave up" } as const;
    await open(browser, "dark", { ...run, results }, async (page) => {
      expect(await textOf(page.locator("h1"))).toBe("The search gave up.");
      expect(await textOf(page.locator("header .causes"))).toContain("What to do: give it more time");
    });
  });

  test("a cycle of transactions is told by name, with its reasons and what it rules out", async () => {
    await open(browser, "dark", findingRun("list-append", transactionFinding), async (page) => {
      const first = page.locator("details.violation").first();
      expect(await first.locator(".operation-label").allTextContents()).toEqual([
        "T1: append x 1, append y 2",
        "T2: r x=[1], r y=absent",
      ]);
      expect(await first.locator(".orders li").allTextContents()).toEqual([
        "T2 before T1 (rw): T2 read y as [], without T1's 2",
        "T1 before T2 (wr): T2 read x as [1], with T1's 1",
      ]);
      expect(await first.locator(".order-badge").count()).toBe(2);
      expect(await first.locator("td.described").allTextContents()).toEqual([
        "append x 1, append y 2",
        "r x=[1], r y=absent",
      ]);
      expect(await textOf(page.locator(".checkers"))).toContain("2 × G-single: part seen, the rest missed");
      expect(await textOf(page.locator(".checkers"))).toContain("read-atomic");
    });
  });

  test("a finding about an object shows values of every shape in short, and what its kind means", async () => {
    await open(browser, "light", findingRun("bank", objectFinding), async (page) => {
      const first = page.locator("details.violation").first();
      expect(await first.locator(".operation-label").allTextContents()).toEqual(["read → {a0: 10, a1: 14}"]);
      expect(await textOf(first.locator(".conclusion"))).toBe(
        "A read of all accounts did not add up, though later ones did.",
      );
      expect(await textOf(first)).toContain("Found by the check bank");
      expect(await page.content()).not.toContain("[object Object]");
    });
  });

  test("a history alone, without plan or results, makes a sensible page", async () => {
    const { timeline } = syntheticRun({ seed: 7, verdict: "valid" });
    await open(browser, "light", { test: null, results: null, timeline }, async (page) => {
      expect(await textOf(page.locator("header .verdict-mark"))).toMatch(/unknown/i);
      expect(await textOf(page.locator("main"))).toContain("This history was imported");
    });
  });
});

describe.skipIf(browserMissing)("the page of a mutant matrix", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  const [row] = mutantMatrix.rows;
  const openRow = (changed: Partial<MutantRow>, look: (row: Locator, page: Page) => Promise<void>) => {
    const html = renderPage(reports.mutants, { ...mutantMatrix, rows: [{ ...row!, ...changed }] });
    return openPage(browser, "light", html, (page) => look(page.locator(".mutants tbody tr"), page));
  };

  test("a row leads to the run that detected the mutant, says how soon, and its words are no markup", async () => {
    await openRow({ breaks: "counts <b>old</b> entries" }, async (line, page) => {
      expect(await textOf(page.locator("h1"))).toBe("1 of 1 mutant of raft detected.");
      expect(await line.locator("td").allTextContents()).toEqual([
        "counts <b>old</b> entrieslost-write, stale-read",
        "both",
        '7 seeds, 70\u00a0sseed 7: key "k1" is wrong',
        '7 seeds, 70\u00a0sseed 7: key "k1" is wrong',
        "valid in 7 runs",
      ]);
      expect(await line.locator("a").getAttribute("href")).toBe("../register/20260102T030405Z/report.html");
    });
  });

  test("a missed mutant comes with the reason, and an interrupted campaign says so", async () => {
    const missed = { caughtBy: "no", byInvariants: null, fromOutside: tried, missed: "it is undone first" } as const;
    await openRow(missed, async (line, page) => {
      expect(await textOf(line.locator("td").nth(1))).toBe("missed");
      expect(await textOf(line.locator("td").nth(2))).toBe("not inspected");
      expect(await textOf(line.locator("td").nth(3))).toBe("not in 7 seeds, 70 sit is undone first");
      expect(await textOf(page.locator(".essentials"))).toContain("missed1M24");
      expect(await textOf(page.locator(".warnings"))).toContain("some searches did not finish");
    });
  });

  test("a correct store that was called invalid, or of unknown verdict, stands out", async () => {
    await openRow({ control: { ...tried, found: { seed: 2, summary: "lost", report: null } } }, async (line, page) => {
      expect(await textOf(line.locator("td").last())).toBe("invalidseed 2: lost");
      expect(await textOf(page.locator(".essentials"))).toContain("called invalid in 1 configuration");
    });
    await openRow({ control: { ...tried, unknown: 2 } }, async (line) => {
      expect(await textOf(line.locator("td").last())).toBe("2 of 7 runs inconclusive");
    });
  });
});

describe("a report is written", () => {
  const { history, results } = syntheticRun({ seed: 7, verdict: "valid", seconds: 2 });
  const lines = history.map((event) => `${JSON.stringify(event)}\n`);
  const digestIn = (file: string) => {
    const [, json = ""] = /id="report-data">(.*?)<\/script>/s.exec(readFileSync(file, "utf8")) ?? [];
    return (JSON.parse(json) as PageData<RunDigest>).digest;
  };

  test("into a run folder, of what is there", () => {
    writeFileSync(join(folder, runFiles.history), lines.join(""));
    const report = writeReport(folder);
    expect(report).toBe(join(folder, runFiles.report));
    expect(digestIn(report)).toMatchObject({ verdict: "unknown", test: null });
  });

  test("for an issue tracker, and as one archive with all that a run left", async () => {
    const run = join(folder, "register", "20260101T000000Z");
    mkdirSync(join(run, runFiles.logs), { recursive: true });
    mkdirSync(join(run, "machine"));
    writeFileSync(join(run, runFiles.history), lines.join(""));
    writeFileSync(join(run, runFiles.logs, "n1.log"), "listening");
    expect(readFileSync(writeMarkdown(run), "utf8")).toMatch(/^# unknown: /);
    const names = namesInZip(readFileSync(await writeArchive(run), "latin1"));
    const packed = [runFiles.history, runFiles.report, runFiles.markdown, "logs/n1.log"];
    expect(names).toEqual(packed.map((file) => `register-20260101T000000Z/${file}`));
  });

  test("of a history file, where it is wanted, with the results given", () => {
    const file = join(folder, "old.jsonl");
    writeFileSync(file, lines.join(""));
    const page = join(folder, "old.html");
    expect(writeReportTo(page, file, { analysis: { results, timeline: null }, replaces: false })).toBe(page);
    expect(digestIn(page).verdict).toBe("valid");
    expect(() => writeReportTo(page, file, { replaces: false })).toThrow(/EEXIST/);
    expect(digestIn(page).verdict).toBe("valid");
  });

  test("of a damaged history as far as it goes, and says so", () => {
    const file = join(folder, "damaged.jsonl");
    writeFileSync(file, lines.with(100, "garbage\n").join(""));
    const { warnings } = digestIn(writeReportTo(join(folder, "damaged.html"), file, { replaces: false }));
    expect(warnings).toEqual([expect.stringMatching(/^damaged\.jsonl:101/)]);
  });
});

/** The names in its central directory, whose entries have them at byte 46, and their lengths at byte 28. */
function namesInZip(archive: string): string[] {
  const [, ...entries] = archive.split("PK\u0001\u0002");
  return entries.map((entry) => entry.slice(42, 42 + entry.charCodeAt(24)));
}

const outcome = { process: 3, node: "n2", outcome: "ok" } as const;
const transactionFinding = {
  model: "strict-serializable",
  anomalies: { "G-single": { count: 2, meaning: "part seen, the rest missed", forbidden: true } },
  modelsRuledOut: ["snapshot-isolation", "serializable"],
  weakestModelsRuledOut: ["snapshot-isolation"],
  strongestModels: ["read-atomic"],
  violations: [
    {
      kind: "G-single",
      sentence:
        "T2 read y as [], without T1's 2; T2 read x as [1], with T1's 1: each would have to come before the other",
      operations: [
        {
          ...{ ...outcome, index: 10, f: "txn", invokedAtNs: 1e9, completedAtNs: 1.01e9 },
          value: [
            ["append", "x", 1],
            ["append", "y", 2],
          ],
        },
        {
          ...{ ...outcome, process: 4, index: 12, f: "txn", invokedAtNs: 1.005e9, completedAtNs: 1.02e9 },
          value: [
            ["r", "x", [1]],
            ["r", "y", null],
          ],
        },
      ],
      orders: [
        { type: "rw", before: 12, after: 10, why: "T2 read y as [], without T1's 2" },
        { type: "wr", before: 10, after: 12, why: "T2 read x as [1], with T1's 1" },
      ],
    },
  ],
};
const objectFinding = {
  anomalies: { "fractured-total": 1 },
  violationCount: 1,
  violations: [
    {
      ...{ kind: "fractured-total", key: "", sentence: "n2 answered balances that add up to 24", orders: [] },
      operations: [
        { ...outcome, index: 10, f: "read", value: { a0: 10, a1: 14 }, invokedAtNs: 1e9, completedAtNs: 1.01e9 },
      ],
    },
  ],
};

/** A run that is valid but for what one checker found. */
function findingRun(checker: string, finding: object): SyntheticRun {
  const run = syntheticRun({ seed: 7, verdict: "valid", seconds: 4 });
  const found = { verdict: "invalid", summary: "it was found", ...finding } as const;
  const results = {
    ...run.results,
    verdict: "invalid",
    checkers: { ...run.results.checkers, [checker]: found },
  } as const;
  return { ...run, results };
}

/** Opens the report of a run. */
function open(
  browser: Browser,
  colorScheme: "light" | "dark",
  run: RunMaterial | SyntheticRun,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  return openPage(browser, colorScheme, renderPage(reports.run, run), look);
}

/** Opens a report as a file, lets a test inspect it, and fails on any console error or request. */
async function openPage(
  browser: Browser,
  colorScheme: "light" | "dark",
  html: string,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
  const trouble = troubleOf(page);
  await page.goto(pathToFileURL(file).href);
  await page.locator("h1").waitFor();
  await look(page);
  await page.close();
  expect(trouble).toEqual([]);
}

/** Text as written: the page keeps units with their figures by spaces that do not break. */
async function textOf(locator: Locator): Promise<string> {
  return ((await locator.textContent()) ?? "").replaceAll("\u00a0", " ");
}

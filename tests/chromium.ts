import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

export const executablePath = "/usr/bin/chromium";
export const browserMissing = !existsSync(executablePath);
const quietArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** A browser that asks nothing of any network. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: quietArgs });
}

/** What a page that opens from disk must not do, as it happens: write to the console, throw, or request anything else. */
export function troubleOf(page: Page): readonly string[] {
  const trouble: string[] = [];
  page.on("console", (message) => message.type() !== "log" && trouble.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const isOwn = request.isNavigationRequest() || request.url().startsWith("data:");
    if (!isOwn) trouble.push(`request: ${request.url()}`);
  });
  return trouble;
}

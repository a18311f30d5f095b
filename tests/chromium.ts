import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

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

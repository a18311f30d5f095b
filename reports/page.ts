import { existsSync, readFileSync } from "node:fs";

/** Where `vite build` leaves the page, seen from the sources and from the compiled output. */
const builtPages = ["../dist/report-page/index.html", "../report-page/index.html"];
const slot = '<script type="application/json" id="report-data"></script>';

/** The built page with a report's data in it: one file that opens from disk. */
export function fillPage(data: unknown): string {
  const page = readBuiltPage();
  const [before, after, ...more] = page.split(slot);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(
      `The report page holds its data slot ${page.split(slot).length - 1} times instead of once; run "npm run build".`,
    );
  }
  return `${before}${slot.replace("></", () => `>${scriptSafeJson(data)}</`)}${after}`;
}

/** JSON that no browser can take for the end of the script element, or for a comment in it. */
export function scriptSafeJson(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function readBuiltPage(): string {
  const built = builtPages.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (!built) throw new Error('The report page is not built. Run "npm run build" first.');
  return readFileSync(built, "utf8");
}

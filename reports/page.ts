import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { replaceFile } from "../history/replace-file.ts";
import type { PageData, ReportKind } from "./kind.ts";

/** Where `vite build` leaves the page, seen from the sources and from the compiled output. */
const builtPages = ["../dist/report-page/index.html", "../report-page/index.html"];
const dataSlot = '<script type="application/json" id="report-data"></script>';
const titleSlot = "<title>Keelhaul</title>";

/** The page of a report: one HTML file that opens from disk without a network. */
export function renderPage<Material, Digest>(kind: ReportKind<Material, Digest>, material: Material): string {
  const digest = kind.digest(material);
  const data: PageData<Digest> = { kind: kind.name, digest };
  const titled = filled(readBuiltPage(), titleSlot, `<title>${escapedText(kind.title(digest))} - Keelhaul</title>`);
  return filled(
    titled,
    dataSlot,
    dataSlot.replace("></", () => `>${scriptSafeJson(data)}</`),
  );
}

/** Writes the page of a report. Fails on a file that exists, unless it `replaces` that. */
export function writePage<Material, Digest>(
  file: string,
  kind: ReportKind<Material, Digest>,
  material: Material,
  { replaces }: { readonly replaces: boolean },
): void {
  const html = renderPage(kind, material);
  if (replaces) replaceFile(file, html);
  else writeFileSync(file, html, { flag: "wx" });
}

function filled(page: string, slot: string, content: string): string {
  const [before, after, ...more] = page.split(slot);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = page.split(slot).length - 1;
    throw new Error(`The built report page contains ${slot} ${times} times instead of once; run "npm run build".`);
  }
  return `${before}${content}${after}`;
}

/** JSON that no browser can take for the end of the script element, or for a comment in it. */
export function scriptSafeJson(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function escapedText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function readBuiltPage(): string {
  const built = builtPages.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (!built) throw new Error('The report page is not built. Run "npm run build" first.');
  return readFileSync(built, "utf8");
}

import { join } from "node:path";
import { replaceFile } from "../../history/replace-file.ts";
import { type ComparisonMaterial, digestComparison } from "../../reports/compare/digest/compare.ts";
import { writePage } from "../../reports/page.ts";
import { reports } from "../../reports/registry.ts";
import { comparisonMarkdown } from "./table.ts";

/** Leaves `report.html` and `compare.md` beside the record. Returns the page's path. */
export function writePages(folder: string, material: ComparisonMaterial): string {
  const page = join(folder, "report.html");
  replaceFile(join(folder, "compare.md"), comparisonMarkdown(digestComparison(material)));
  writePage(page, reports.compare, material, { replaces: true });
  return page;
}

import { join } from "node:path";
import { runFiles } from "../../history/test-record.ts";
import { writePage } from "../../reports/page.ts";
import { reports } from "../../reports/registry.ts";
import type { SoakMaterial } from "../../reports/soak/digest.ts";

/** Leaves the page of a soak in its folder, and returns its path. */
export function writeSoakPage(folder: string, material: SoakMaterial): string {
  const page = join(folder, runFiles.report);
  writePage(page, reports.soak, material, { replaces: true });
  return page;
}

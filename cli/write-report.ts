import type { Results } from "../analysis/results.ts";
import { messageOf } from "../errors/errors.ts";
import { orWarning } from "../errors/or-warning.ts";
import { isSystemError } from "../errors/system-error.ts";

export interface Reported {
  readonly results: Results;
  /** Null if none was wanted, or if it could not be written. */
  readonly report: string | null;
}

/** Writes the report of a verdict. A folder that cannot be written to costs the page, never the verdict. */
export function withReport(results: Results, write: () => string): Reported {
  try {
    return { results, report: write() };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const warning = `no report was written: ${messageOf(error)}`;
    return { results: { ...results, warnings: [...results.warnings, warning] }, report: null };
  }
}

/** Writes the page of many runs. They may have taken hours: what the disk refuses is a warning on stderr, and null. */
export async function pageOrWarning(write: () => string | Promise<string>): Promise<string | null> {
  let page: string | null = null;
  const warnings = await orWarning("no report was written", async () => {
    page = await write();
  });
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return page;
}

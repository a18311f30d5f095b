import type { Results } from "../analysis/results.ts";
import { messageOf } from "../errors/errors.ts";
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

import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";

/** Reads the count that an option such as `--threads` was given: a whole number within bounds. */
export function countOption(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d{1,9}$/.test(text) && count >= least && count <= most) return count;
    throw new UsageError(`${option}: got ${quote(text)}; expected a whole number from ${least} to ${most}`);
  };
}

/** Bounds of what every machine can carry out. */
export const mostThreads = 256;
export const mostRuns = 1_000_000;

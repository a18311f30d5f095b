import { UsageError } from "../../errors/errors.ts";

/** Reads the count that an option such as `--threads` was given: a whole number, and no less than this. */
export function countOption(option: string, least: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d{1,6}$/.test(text) && count >= least) return count;
    throw new UsageError(`${option}: got ${JSON.stringify(text)}; expected a whole number from ${least} on`);
  };
}

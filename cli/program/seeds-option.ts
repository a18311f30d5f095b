import type { SeedRange } from "../../controller/batch/campaign/campaign.ts";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";

const largestSeed = 2 ** 31 - 1;

/** `1..1000`, or one seed. */
export function parseSeeds(text: string): SeedRange {
  const [, first, last = first] = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (range.first <= range.last && range.last <= largestSeed) return range;
  throw new UsageError(`--seeds: got ${quote(text)}; expected a seed such as 17, or a range such as 1..1000`);
}

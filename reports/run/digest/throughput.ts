import { outcomes } from "../../../analysis/operations/operation-table.ts";
import type { Timeline } from "../../../analysis/operations/timeline.ts";
import { bucketCount, bucketWidthNs } from "./buckets.ts";
import type { Throughput } from "./types.ts";

/** Counts the operations that ended in each bucket, by outcome. */
export function digestThroughput(
  { endedNs, outcome }: Pick<Timeline, "endedNs" | "outcome">,
  durationNs: number,
): Throughput {
  const bucketNs = bucketWidthNs(durationNs);
  const count = bucketCount(durationNs, bucketNs);
  const counts = Object.values(outcomes).map(() => new Array<number>(count).fill(0));
  for (let row = 0; row < endedNs.length; row++) {
    if (endedNs[row] === Number.POSITIVE_INFINITY) continue;
    counts[outcome[row]!]![Math.floor(endedNs[row]! / bucketNs)]!++;
  }
  return { bucketNs, ok: counts[outcomes.ok]!, fail: counts[outcomes.fail]!, info: counts[outcomes.info]! };
}

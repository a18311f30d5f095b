import { bucketCount, bucketWidthNs } from "./buckets.ts";
import type { OperationColumns } from "./operations.ts";
import { outcomes } from "./operations.ts";
import type { Throughput } from "./types.ts";

/** Counts the operations that ended in each bucket, by outcome. */
export function digestThroughput(operations: OperationColumns, durationNs: number): Throughput {
  const bucketNs = bucketWidthNs(durationNs);
  const count = bucketCount(durationNs, bucketNs);
  const counts = outcomes.map(() => new Array<number>(count).fill(0));
  operations.endedNs.forEach((endedNs, row) => {
    const series = counts[operations.outcome[row]!]!;
    series[Math.floor(endedNs / bucketNs)]!++;
  });
  return { bucketNs, ok: counts[0]!, fail: counts[1]!, info: counts[2]! };
}

const nsPerMs = 1e6;
const mostBuckets = 150;

/** The smallest of 10, 20, 50, 100, 200, 500 ms, … that needs no more than about 150 buckets for the run. */
export function bucketWidthNs(durationNs: number): number {
  for (let decade = 10 * nsPerMs; ; decade *= 10) {
    for (const step of [1, 2, 5]) {
      if (durationNs / (decade * step) <= mostBuckets) return decade * step;
    }
  }
}

/** Enough buckets that the last moment of the run falls into one. */
export function bucketCount(durationNs: number, bucketNs: number): number {
  return Math.floor(durationNs / bucketNs) + 1;
}

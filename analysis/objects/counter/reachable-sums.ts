/** Whole numbers from `low` to `high`, both included. */
export type Span = readonly [low: number, high: number];

/** Every sum of a number and any of the amounts, as spans in ascending order that do not touch. */
export function reachableSums(start: number, amounts: readonly number[]): readonly Span[] {
  let spans: readonly Span[] = [[start, start]];
  for (const amount of amounts) {
    spans = merged(spans.concat(spans.map(([low, high]): Span => [low + amount, high + amount])));
  }
  return spans;
}

function merged(spans: readonly Span[]): readonly Span[] {
  const sums: Span[] = [];
  for (const [low, high] of spans.toSorted(([a], [b]) => a - b)) {
    const last = sums.at(-1);
    if (last !== undefined && low <= last[1] + 1) sums[sums.length - 1] = [last[0], Math.max(last[1], high)];
    else sums.push([low, high]);
  }
  return sums;
}

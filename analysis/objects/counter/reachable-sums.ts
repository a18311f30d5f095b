/** Whole numbers from `low` to `high`, both included. */
export type Span = readonly [low: number, high: number];

/** Amounts that are far apart double the spans each. */
const mostSpans = 1 << 16;

/** Every sum of a number and any of the amounts, as spans in ascending order that do not touch; null: too many spans. */
export function reachableSums(start: number, amounts: readonly number[]): readonly Span[] | null {
  return reachableFrom([[start, start]], amounts);
}

/** The same, of any number in some spans. */
export function reachableFrom(
  start: readonly Span[],
  amounts: readonly number[],
  most = mostSpans,
): readonly Span[] | null {
  let spans = start;
  for (const amount of amounts) {
    if (spans.length > most) return null;
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

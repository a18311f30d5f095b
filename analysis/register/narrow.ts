import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import { mayWrite } from "./values.ts";

/** So many pairs of observation and write are compared before a key is left undecided. */
const maxComparisons = 20_000_000;

/** Stands for the write that brought the initial value: it ended before everything. */
const initialWrite = -1;

/**
 * Gives each write a value of its own where several wrote the same one, if time tells for each observation which of
 * them it saw; null where it does not. A write is out when it began after the observation ended, or when another write
 * happened between the two. Exact: what time rules out, no linearization allows.
 */
export function distinguishWrites(history: KeyHistory): KeyHistory | null {
  const writers = repeatedWriters(history);
  if (writers.size === 0) return history;
  const named = renameWrites(history, writers);
  const overwritten = new FirstEndBegunAfter(history);
  const observed = observedValues(history);
  let comparisons = 0;
  for (let op = 0; op < history.count; op++) {
    const ofValue = writers.get(history.from[op]!);
    if (ofValue === undefined || history.kind[op]! === kinds.failed) continue;
    // A refusal is about all writes of its value at once, which no single name can say.
    if (history.kind[op]! === kinds.refused) return null;
    // An unanswered cas that nobody saw is left out anyway, whatever it compared with.
    if (history.ret[op]! === Number.POSITIVE_INFINITY && observed[history.to[op]!] === 0) continue;
    comparisons += ofValue.length;
    if (comparisons > maxComparisons) return null;
    const source = onlySource(history, overwritten, ofValue, op);
    if (source === null) return null;
    named.from[op] = source === initialWrite ? initialValue : named.to[source]!;
  }
  return named;
}

/** The writers of each value that has more than one. */
function repeatedWriters(history: KeyHistory): Map<number, number[]> {
  const first = new Int32Array(history.values).fill(-2);
  first[initialValue] = initialWrite;
  const writers = new Map<number, number[]>();
  for (let op = 0; op < history.count; op++) {
    if (!mayWrite(history, op)) continue;
    const value = history.to[op]!;
    const known = writers.get(value);
    if (known !== undefined) known.push(op);
    else if (first[value]! === -2) first[value] = op;
    else writers.set(value, [first[value]!, op]);
  }
  return writers;
}

/** The first writer of a value keeps its number, the others get new ones. */
function renameWrites(history: KeyHistory, writers: ReadonlyMap<number, readonly number[]>): KeyHistory {
  const to = history.to.slice();
  let values = history.values;
  for (const [, ...others] of writers.values()) for (const op of others) to[op] = values++;
  return { ...history, to, from: history.from.slice(), values };
}

function observedValues(history: KeyHistory): Uint8Array {
  const observed = new Uint8Array(history.values);
  for (let op = 0; op < history.count; op++) {
    const kind = history.kind[op]!;
    if (kind === kinds.read || kind === kinds.cas) observed[history.from[op]!] = 1;
  }
  return observed;
}

/** The one write that the observation can have seen; null when there are several. */
function onlySource(
  history: KeyHistory,
  overwritten: FirstEndBegunAfter,
  writers: readonly number[],
  observation: number,
): number | null {
  const begunBefore = writers.filter(
    (write) => write !== observation && begin(history, write) <= history.ret[observation]!,
  );
  const possible = begunBefore.filter((write) => overwritten.of(end(history, write)) >= history.inv[observation]!);
  if (possible.length > 1) return null;
  // Where none is possible the history is wrong whichever is chosen; the latest makes the shortest story.
  return possible[0] ?? begunBefore.at(-1) ?? writers.find((write) => write !== observation) ?? null;
}

function begin(history: KeyHistory, write: number): number {
  return write === initialWrite ? Number.NEGATIVE_INFINITY : history.inv[write]!;
}

function end(history: KeyHistory, write: number): number {
  return write === initialWrite ? Number.NEGATIVE_INFINITY : history.ret[write]!;
}

/** Of the acknowledged writes begun after a time: when the first of them ended. */
class FirstEndBegunAfter {
  readonly #begins: Float64Array;
  readonly #firstEnds: Float64Array;

  constructor(history: KeyHistory) {
    const writes: number[] = [];
    for (let op = 0; op < history.count; op++) {
      if (mayWrite(history, op) && history.ret[op]! !== Number.POSITIVE_INFINITY) writes.push(op);
    }
    this.#begins = Float64Array.from(writes, (op) => history.inv[op]!);
    this.#firstEnds = Float64Array.from(writes, (op) => history.ret[op]!);
    for (let i = writes.length - 2; i >= 0; i--) {
      this.#firstEnds[i] = Math.min(this.#firstEnds[i]!, this.#firstEnds[i + 1]!);
    }
  }

  of(time: number): number {
    let low = 0;
    let high = this.#begins.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#begins[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return this.#firstEnds[low] ?? Number.POSITIVE_INFINITY;
  }
}

import type { HistoryEvent } from "../../../history/event.ts";
import { type OperationPair, pairOperations } from "../../../history/pair.ts";

type Step = readonly [f: string, key: string, value: unknown];

interface Transaction {
  readonly steps: readonly Step[];
  readonly optional: boolean;
  readonly inv: number;
  readonly ret: number;
}

/**
 * Whether some order of the transactions explains all answers, by trying every one of them: a transaction of unknown
 * outcome may be left out, and its reads say nothing. `strict`: one that ended before another began comes before it.
 */
export function serializable(events: readonly HistoryEvent[], strict: boolean): boolean {
  const transactions = pairOperations(events).flatMap(transaction);
  const refuted = new Set<string>();
  const place = (left: readonly Transaction[], store: Readonly<Record<string, unknown>>): boolean => {
    if (left.every(({ optional }) => optional)) return true;
    const situation = `${left.map(({ inv }) => inv).join()}|${JSON.stringify(store)}`;
    if (refuted.has(situation)) return false;
    const firstEnd = Math.min(...left.map(({ ret }) => ret));
    for (const next of left) {
      if (strict && next.inv > firstEnd) continue;
      const after = execute(next, store);
      const others = left.filter((other) => other !== next);
      if (after !== null && place(others, after)) return true;
    }
    refuted.add(situation);
    return false;
  };
  return place(transactions, {});
}

function transaction({ invocation, completion }: OperationPair): Transaction[] {
  const type = completion?.type ?? "info";
  if (type === "fail") return [];
  const steps = (type === "ok" ? completion?.value : invocation.value) as Step[];
  const ret = type === "ok" ? (completion?.index ?? Infinity) : Infinity;
  return [{ steps, optional: type === "info", inv: invocation.index, ret }];
}

/** The store after the transaction; null when one of its reads does not fit. Keys stay sorted, to be compared. */
function execute(
  { steps, optional }: Transaction,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const store = { ...before };
  for (const [f, key, value] of steps) {
    if (f === "append") store[key] = [...((store[key] as unknown[] | undefined) ?? []), value];
    else if (f === "w") store[key] = value;
    else if (!optional && !sameRead(store[key], value)) return null;
  }
  return Object.fromEntries(Object.entries(store).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sameRead(held: unknown, read: unknown): boolean {
  const plain = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? null : (value ?? null));
  return JSON.stringify(plain(held)) === JSON.stringify(plain(read));
}

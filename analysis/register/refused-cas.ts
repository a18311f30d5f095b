import { type Blocks, buildBlocks } from "./blocks.ts";
import { certificate, replay } from "./certificate.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import { Placement } from "./placement.ts";
import { type ValueColumns, valueColumns } from "./values.ts";

/** How the refused compare-and-sets of a key were decided. */
export type RefusalVerdict =
  | { readonly verdict: "valid" }
  /** The refusal that nothing can explain. */
  | { readonly verdict: "invalid"; readonly refusal: number }
  | { readonly verdict: "unknown" };

/**
 * A refused compare-and-set saw *some* value other than the one it compared with. Finds for each a block of values
 * that can host it as a read: one where it changes nothing, else one that can grow to it without a conflict. A refusal
 * without any possible host is a violation, whatever the others do. Success is proven by the certificate of the
 * history in which each refusal is a read of its host's value; what greedy choice cannot decide stays unknown.
 */
export function decideRefusals(history: KeyHistory, columns: ValueColumns, blocks: Blocks): RefusalVerdict {
  const placement = new Placement(history, columns, blocks);
  const free = new Map<number, number>();
  const hard: number[] = [];
  for (const refusal of openRefusals(history, columns)) {
    const value = placement.freeHost(refusal);
    if (value >= 0) free.set(refusal, value);
    else hard.push(refusal);
  }
  for (const refusal of hard) if (placement.isRefuted(refusal)) return { verdict: "invalid", refusal };
  const proven = orders.some((order) => {
    const sorted = hard.toSorted((a, b) => order(history, a) - order(history, b) || a - b);
    const hosts = placeAll(new Placement(history, columns, blocks), free, sorted);
    return hosts !== null && isProven(history, hosts);
  });
  return { verdict: proven ? "valid" : "unknown" };
}

/** The choice is greedy, so the order of choosing matters: where one comes to a dead end, another may not. */
const orders: readonly ((history: KeyHistory, refusal: number) => number)[] = [
  (history, refusal) => history.ret[refusal]!,
  (history, refusal) => -history.inv[refusal]!,
  (history, refusal) => history.ret[refusal]! - history.inv[refusal]!,
];

/** The value that each refusal saw; null when one finds no host. */
function placeAll(
  placement: Placement,
  free: ReadonlyMap<number, number>,
  hard: readonly number[],
): Map<number, number> | null {
  const hosts = new Map(free);
  for (const [refusal, value] of free) placement.settle(refusal, value);
  for (const refusal of hard) {
    const value = placement.place(refusal);
    if (value < 0) return null;
    hosts.set(refusal, value);
  }
  return hosts;
}

/** Refusals that ask for a host. One that compared with a value that never was there is right to be refused. */
function openRefusals(history: KeyHistory, columns: ValueColumns): number[] {
  const refusals: number[] = [];
  for (let op = 0; op < history.count; op++) {
    if (history.kind[op]! !== kinds.refused) continue;
    const compared = history.from[op]!;
    if (compared === initialValue || columns.held[compared] === 1) refusals.push(op);
  }
  return refusals;
}

/** Whether the history with each refusal as a read of its host's value is linearizable, by its certificate. */
function isProven(history: KeyHistory, hosts: ReadonlyMap<number, number>): boolean {
  const kind = history.kind.slice();
  const from = history.from.slice();
  const to = history.to.slice();
  for (const [refusal, value] of hosts) {
    kind[refusal] = kinds.read;
    from[refusal] = value;
    to[refusal] = -1;
  }
  const hosted: KeyHistory = { ...history, kind, from, to };
  const columns = valueColumns(hosted);
  if (columns.problems.length > 0 || openRefusals(hosted, columns).length > 0) return false;
  const blocks = buildBlocks(hosted, columns);
  if (blocks.disorder !== null || blocks.circle !== null) return false;
  return replay(hosted, certificate(hosted, columns, blocks)) === null;
}

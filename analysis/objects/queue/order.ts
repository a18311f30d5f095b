import type { ObjectOperation } from "../operations.ts";
import type { QueueHistory, Taken } from "./queue-history.ts";

/** An item that was put in once, or may have been. */
export interface Item {
  readonly put: ObjectOperation;
  /** The first taking of it; null: it never came out, as far as is known. */
  readonly taken: Taken | null;
  /** When it may have left the queue at the earliest; Infinity: never. */
  readonly goneFrom: number;
}

/** The distinct items of a queue. One that nobody is known to have taken may have gone with a dequeue nobody heard of. */
export function itemsOf({ items, taken, unheard }: QueueHistory): Item[] {
  const takings = Map.groupBy(taken, ({ name }) => name);
  const firstUnheard = unheard.reduce((first, { inv }) => Math.min(first, inv), Infinity);
  return [...items].flatMap(([name, { first, attempts }]) => {
    if (first === null || attempts > 1) return [];
    const all = takings.get(name) ?? [];
    const earliest = all.reduce((time, { op }) => Math.min(time, op.inv), Infinity);
    return [{ put: first, taken: all[0] ?? null, goneFrom: all.length > 0 ? earliest : firstUnheard }];
  });
}

/**
 * Items that came out before one that was put in earlier: `early` was in before `late` began to be put in, and was
 * certainly still there when late had been taken. Each late one is told once, with the early one that stayed longest.
 */
export function overtaken(items: readonly Item[]): { late: Item; early: Item }[] {
  const stayedLongest = longestStaying(items);
  const found = items
    .toSorted((a, b) => a.put.inv - b.put.inv)
    .flatMap((late) => {
      const early = stayedLongest(late.put.inv);
      return early !== null && late.taken !== null && late.taken.op.ret < early.goneFrom ? [{ late, early }] : [];
    });
  return [...found, ...withinDrains(items)];
}

/** Answers of the items in before a time which stayed longest. Times asked for must not fall. */
export function longestStaying(items: readonly Item[]): (time: number) => Item | null {
  const byPut = items.filter(({ put }) => put.ret < Infinity).sort((a, b) => a.put.ret - b.put.ret);
  let longest: Item | null = null;
  let at = 0;
  return (time) => {
    for (; at < byPut.length && byPut[at]!.put.ret < time; at++) {
      if (longest === null || byPut[at]!.goneFrom > longest.goneFrom) longest = byPut[at]!;
    }
    return longest;
  };
}

/** A drain takes items one after the other, in the order of its answer. */
function withinDrains(items: readonly Item[]): { late: Item; early: Item }[] {
  const drained = items.filter(({ taken }) => taken?.op.f === "drain");
  return [...Map.groupBy(drained, ({ taken }) => taken?.op).values()].flatMap((ofDrain) => {
    const inOrder = ofDrain.toSorted((a, b) => (a.taken?.place ?? 0) - (b.taken?.place ?? 0));
    let latest: Item | null = null;
    return inOrder.flatMap((early) => {
      const late = latest;
      if (latest === null || early.put.inv > latest.put.inv) latest = early;
      return late !== null && early.put.ret < late.put.inv ? [{ late, early }] : [];
    });
  });
}

import type { TimedOperation } from "../models/model.ts";
import { plural, show } from "../words.ts";
import {
  type Call,
  callsOn,
  type Monitored,
  type Presence,
  placesOf,
  presencesOf,
  type Stay,
  type Stays,
  staysOf,
} from "./stays.ts";

/** In which order a queue gives out its values. */
export type QueueOrder = "fifo" | "any";

/**
 * Decides a queue whose values are enqueued once each, in O(n log n): no value is dequeued before it is enqueued, none
 * overtakes another, and each dequeue that found the queue empty has a moment at which nothing was certainly in it
 * (Henzinger, Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs", 2013).
 *
 * A dequeue of unknown outcome may have taken a value that never came out. Those that have to be gone by some time are
 * always the ones that were enqueued before some other time, and any of the dequeues that began by then will do; so it
 * is enough to compare their numbers (Hall's theorem).
 */
export function monitorQueue(
  operations: readonly TimedOperation[],
  initial: readonly unknown[],
  order: QueueOrder,
): Monitored {
  const history = staysOf(operations, initial, "enqueue");
  if (history === null) return null;
  const taken = history.stays.filter(({ take }) => take !== null);
  const early = taken.find(({ put, take }) => take!.ret < put.inv);
  if (early !== undefined) {
    return { operations: placesOf([early.take, early.put]), why: `${show(early.value)} was enqueued only after that` };
  }
  return (order === "fifo" ? overtaking(history) : null) ?? falseEmpty(history) ?? "linearizable";
}

/** A value that came out although one that was enqueued before it was still in the queue. */
function overtaking({ stays, unheard }: Stays): Monitored {
  const byEnd = stays.toSorted((a, b) => a.put.ret - b.put.ret);
  const left: Stay[] = [];
  let longest: Stay | null = null;
  let at = 0;
  for (const late of stays.toSorted((a, b) => a.put.inv - b.put.inv)) {
    for (; at < byEnd.length && byEnd[at]!.put.ret < late.put.inv; at++) {
      const stay = byEnd[at]!;
      if (stay.take === null) left.push(stay);
      else if (longest === null || stay.take.inv > longest.take!.inv) longest = stay;
    }
    if (late.take === null) continue;
    if (longest !== null && late.take.ret < longest.take!.inv) {
      const why = `${show(longest.value)} had been enqueued before ${show(late.value)}, and was dequeued only after that`;
      return { operations: placesOf([late.take, late.put, ...callsOn(longest)]), why };
    }
    const explained = countUntil(unheard, late.take.ret);
    if (left.length <= explained) continue;
    const missing = left.slice(0, explained + 1);
    return {
      operations: placesOf([late.take, late.put, ...missing.map(({ put }) => put), ...unheard.slice(0, explained)]),
      why: `${notGone(missing, explained)} before ${show(late.value)}, and never came out`,
    };
  }
  return null;
}

/** "7 had been enqueued", and how many of several may be gone with dequeues of unknown outcome. */
function notGone(missing: readonly Stay[], explained: number): string {
  const values = missing.map(({ value }) => show(value));
  if (explained === 0) return `${values[0]} had been enqueued`;
  const open = plural(explained, "dequeue");
  return `${listed(values)} had been enqueued, more than the ${open} of unknown outcome until then can have taken,`;
}

/** A dequeue that found the queue empty although something was in it at every moment. */
function falseEmpty({ stays, empties, unheard }: Stays): Monitored {
  const left = stays.filter(({ take }) => take === null).sort((a, b) => a.put.ret - b.put.ret);
  const present = presencesOf(stays.filter(({ take }) => take !== null));
  const nextEmpty = emptyMoments(present, left, stays, empties, unheard);
  const wrong = empties.find(({ inv, ret }) => nextEmpty(inv) > ret);
  if (wrong === undefined) return null;
  const { held, usesUnheard } = holders(wrong, present, left, unheard);
  const open = usesUnheard ? unheard.slice(0, countUntil(unheard, wrong.ret)) : [];
  const values = held.map(({ value }) => show(value));
  const why =
    held.length === 1
      ? `${values[0]} had been enqueued before, and ${held[0]!.take === null ? "never came out" : "was dequeued only after that"}`
      : `${listed(values)} were enqueued and dequeued so that one of them was in the queue at every moment`;
  return { operations: placesOf([wrong, ...held.flatMap(callsOn), ...open]), why };
}

/** Answers the first moment from a time on at which the queue may have been empty; it can only become so as takes begin. */
function emptyMoments(
  present: readonly Presence[],
  left: readonly Stay[],
  stays: readonly Stay[],
  empties: readonly Call[],
  unheard: readonly Call[],
): (from: number) => number {
  const takes = stays.flatMap(({ take }) => take ?? []);
  const moments = [...takes, ...empties, ...unheard].map(({ inv }) => inv).sort((a, b) => a - b);
  const ends = present.map(({ to }) => to).sort((a, b) => a - b);
  let [begun, over, leftBehind, open] = [0, 0, 0, 0];
  const free = moments.filter((moment) => {
    while (begun < present.length && present[begun]!.from < moment) begun++;
    while (over < ends.length && ends[over]! <= moment) over++;
    while (leftBehind < left.length && left[leftBehind]!.put.ret < moment) leftBehind++;
    while (open < unheard.length && unheard[open]!.inv <= moment) open++;
    return begun === over && leftBehind <= open;
  });
  return (from) => free[firstFrom(free, from)] ?? Number.POSITIVE_INFINITY;
}

/** Values that held the queue from the beginning of a dequeue to its end, one after the other. */
function holders(
  { inv, ret }: Call,
  present: readonly Presence[],
  left: readonly Stay[],
  unheard: readonly Call[],
): { held: Stay[]; usesUnheard: boolean } {
  const held = new Set<Stay>();
  let usesUnheard = false;
  for (let moment = inv; moment <= ret; ) {
    const longest = present
      .filter(({ from, to }) => from < moment && to > moment)
      .reduce<Presence | null>((best, one) => (best === null || one.to > best.to ? one : best), null);
    if (longest !== null) {
      held.add(longest.stay);
      moment = longest.to;
      continue;
    }
    const waiting = left.filter(({ put }) => put.ret < moment);
    for (const stay of waiting) held.add(stay);
    usesUnheard = true;
    moment = unheard[waiting.length - 1]?.inv ?? Number.POSITIVE_INFINITY;
  }
  return { held: [...held], usesUnheard };
}

function countUntil(sorted: readonly Call[], time: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.inv <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstFrom(sorted: readonly number[], time: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

const mostListed = 8;

function listed(values: readonly string[]): string {
  const shown = values.slice(0, mostListed).join(", ");
  return values.length > mostListed ? `${shown} and ${values.length - mostListed} more` : shown;
}

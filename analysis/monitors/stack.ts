import type { TimedOperation } from "../models/model.ts";
import { show } from "../words.ts";
import {
  type Call,
  callsOn,
  type Monitored,
  type Presence,
  placesOf,
  presencesOf,
  type Stay,
  staysOf,
} from "./stays.ts";

/**
 * Decides a stack whose values are pushed once each, by peeling values off from below (Bouajjani, Emmi, Enea and Hamza,
 * "On reducing linearizability to state reachability", 2015; Lee and Mathur, "Efficient decrease-and-conquer
 * linearizability monitoring", 2025). While the stack is certainly not empty, one value lies below all others: it can be
 * pushed before any other push has ended and popped after every other pop has begun. All values that can are taken away
 * at once, since one that can lie below all others can also lie right above the one that does; what they held together
 * falls apart, and each part is judged alone. A value whose push and pop overlap can be pushed and popped at one moment.
 *
 * Pops of unknown outcome are the one thing left open (null): some ways of sharing them out are tried.
 */
export function monitorStack(operations: readonly TimedOperation[], initial: readonly unknown[]): Monitored {
  const history = staysOf(operations, initial, "push");
  if (history === null) return null;
  const { stays, empties, unheard } = history;
  const early = stays.find(({ put, take }) => take !== null && take.ret < put.inv);
  if (early !== undefined) {
    return { operations: placesOf([early.take, early.put]), why: `${show(early.value)} was pushed only after that` };
  }
  const left = stays.filter(({ take }) => take === null).sort((a, b) => a.put.ret - b.put.ret);
  const [first] = unheard;
  if (first === undefined || left.length === 0) return judge(stays, empties) ?? "linearizable";
  const takenBy = (pops: readonly (Call | undefined)[]): Stay[] => {
    const popOf = new Map(left.map((stay, at) => [stay, pops[at] ?? null]));
    return stays.map((stay) => ({ ...stay, take: stay.take ?? popOf.get(stay)! }));
  };
  // No way of sharing out the pops lets a value be gone before the first of them began.
  const impossible = judge(takenBy(left.map(() => first)), empties);
  if (impossible !== null) return impossible;
  const backwards = left.map((_, at) => unheard[left.length - 1 - at]);
  const ways = [[], unheard, backwards];
  return ways.some((pops) => judge(takenBy(pops), empties) === null) ? "linearizable" : null;
}

function judge(stays: readonly Stay[], empties: readonly Call[]): Exclude<Monitored, string> {
  const parts = partsOf(presencesOf(stays));
  for (const empty of empties) {
    const part = parts.find((one) => one[0]!.from < empty.inv && endOf(one) > empty.ret);
    if (part !== undefined) return falseEmpty(empty, part);
  }
  const open = [...parts];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = [part[0]!.from, endOf(part)];
    const above = part.filter(({ stay }) => !canLieBelow(stay, from, to));
    if (above.length === part.length) return noBottom(part, to);
    open.push(...partsOf(above));
  }
  return null;
}

function canLieBelow({ put, take }: Stay, from: number, to: number): boolean {
  return put.inv <= from && (take?.ret ?? Number.POSITIVE_INFINITY) >= to;
}

/** Splits values, by when they were certainly there, where none of them was. */
function partsOf(present: readonly Presence[]): Presence[][] {
  const parts: Presence[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const one of present) {
    if (one.from >= end) parts.push([]);
    parts.at(-1)!.push(one);
    end = Math.max(end, one.to);
  }
  return parts;
}

function endOf(part: readonly Presence[]): number {
  return part.reduce((end, { to }) => Math.max(end, to), Number.NEGATIVE_INFINITY);
}

/** As few values as hold the stack from a moment to another, one after the other. */
function chain(part: readonly Presence[], from: number, to: number): Stay[] {
  const held: Stay[] = [];
  let longest: Presence | null = null;
  let at = 0;
  for (let moment = from; moment < to; moment = longest.to) {
    for (; at < part.length && part[at]!.from <= moment; at++) {
      if (longest === null || part[at]!.to > longest.to) longest = part[at]!;
    }
    if (longest === null || longest.to <= moment) break;
    held.push(longest.stay);
  }
  return held;
}

function falseEmpty(empty: Call, part: readonly Presence[]): Exclude<Monitored, string> {
  const held = chain(part, empty.inv, empty.ret);
  const values = held.map(({ value }) => show(value)).join(", ");
  const why =
    held.length === 1
      ? `${values} had been pushed before, and ${held[0]!.take === null ? "never came off" : "was popped only after that"}`
      : `${values} were pushed and popped so that one of them was on the stack at every moment`;
  return { operations: placesOf([empty, ...held.flatMap(callsOn)]), why };
}

/** No value of a chain that holds the stack from one moment to another can lie below the others. */
function noBottom(part: readonly Presence[], to: number): Exclude<Monitored, string> {
  const held = chain(part, part[0]!.from, to);
  const [first, last] = [held[0]!, held.at(-1)!];
  const why =
    held.length === 2
      ? `${show(last.value)} had been pushed on it, and ${last.take === null ? "never came off" : "was popped only after that"}`
      : `none of ${held.map(({ value }) => show(value)).join(", ")}, which held the stack one after the other, can have been below the others`;
  return { operations: placesOf([first.take, first.put, ...held.slice(1).flatMap(callsOn)]), why };
}

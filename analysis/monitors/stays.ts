import type { Impossible, TimedOperation } from "../models/model.ts";

/** What a monitor says: that an order exists, why none does, or null where its algorithm does not apply. */
export type Monitored = Impossible | "linearizable" | null;

/** One operation in its time, by its place among all; initial contents have no place. */
export interface Call {
  readonly place: number | null;
  readonly inv: number;
  readonly ret: number;
}

/** A value that was put in once. */
export interface Stay {
  readonly value: unknown;
  readonly put: Call;
  /** Null: it never came out, as far as is known. */
  readonly take: Call | null;
}

/** The operations on a container whose values are put in once each. */
export interface Stays {
  readonly stays: readonly Stay[];
  /** Takes that found the container empty. */
  readonly empties: readonly Call[];
  /** Takes of unknown outcome, by invocation: each may have taken one value that no other take did. */
  readonly unheard: readonly Call[];
}

/** A value that was certainly in the container: from when it had been put in until a take of it may have begun. */
export interface Presence {
  readonly stay: Stay;
  readonly from: number;
  readonly to: number;
}

/**
 * Null where a value was put in twice. A put of unknown outcome whose value never came out is dropped: in any order it
 * can be left out, with the take of unknown outcome that may have taken its value.
 */
export function staysOf(operations: readonly TimedOperation[], initial: readonly unknown[], put: string): Stays | null {
  const puts = new Map<string, { value: unknown; put: Call; isCertain: boolean }>();
  const takes = new Map<string, Call>();
  const empties: Call[] = [];
  const unheard: Call[] = [];
  for (const [order, value] of initial.entries()) {
    const before = Number.MIN_SAFE_INTEGER + order;
    puts.set(JSON.stringify(value), { value, put: { place: null, inv: before, ret: before }, isCertain: true });
  }
  if (puts.size < initial.length) return null;
  for (const [place, { f, asked, value, outcome, inv, ret }] of operations.entries()) {
    const call = { place, inv, ret };
    if (f === put) {
      const name = JSON.stringify(asked);
      if (puts.has(name)) return null;
      puts.set(name, { value: asked, put: call, isCertain: outcome === "ok" });
    } else if (outcome === "info") unheard.push(call);
    else if (value === null) empties.push(call);
    else {
      const name = JSON.stringify(value);
      if (takes.has(name)) return null;
      takes.set(name, call);
    }
  }
  if ([...takes.keys()].some((name) => !puts.has(name))) return null;
  const stays = [...puts].flatMap(([name, { isCertain, ...rest }]): Stay[] => {
    const take = takes.get(name) ?? null;
    return take === null && !isCertain ? [] : [{ ...rest, take }];
  });
  return { stays, empties, unheard: unheard.sort((a, b) => a.inv - b.inv) };
}

/** Values that were certainly in the container for a while, by when that began. */
export function presencesOf(stays: readonly Stay[]): Presence[] {
  return stays
    .map((stay) => ({ stay, from: stay.put.ret, to: stay.take?.inv ?? Number.POSITIVE_INFINITY }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
}

/** Places of operations, each once, without initial contents. */
export function placesOf(calls: readonly (Call | null)[]): number[] {
  return [...new Set(calls.flatMap((call) => call?.place ?? []))];
}

/** Both operations on a value. */
export function callsOn({ put, take }: Stay): (Call | null)[] {
  return [put, take];
}

import type { OperationView, Violation } from "../results.ts";

/** An operation of an explanation: what it did to which values, and when, by place in the history. */
export interface Actor {
  /** Its place in the key's history. */
  readonly op: number;
  readonly view: OperationView;
  /** The value it read or compared with, where that matters. */
  readonly observed: number | null;
  readonly written: number | null;
  readonly invokedAt: number;
  readonly completedAt: number;
}

/** Tells a time in seconds. */
export type Clock = (timeNs: number) => string;

/** Tells a story with as many digits of its times as keep them apart. */
export function withClock<Told extends string | null>(tell: (seconds: Clock) => Told): Told {
  const times = new Set<number>();
  tell((timeNs) => {
    times.add(timeNs);
    return "";
  });
  const printed = (digits: number): Set<string> => new Set([...times].map((time) => (time / 1e9).toFixed(digits)));
  const digits = [2, 3, 4, 5, 6, 7, 8].find((count) => printed(count).size === times.size) ?? 9;
  return tell((timeNs) => `${(timeNs / 1e9).toFixed(digits)} s`);
}

export function precedes(a: Actor, b: Actor): boolean {
  return a.completedAt < b.invokedAt;
}

/** The orders that time and values force, without those that follow from two others. */
export function forcedOrders(actors: readonly Actor[]): Violation["orders"] {
  return actors.flatMap((after) =>
    actors
      .filter((before) => before !== after)
      .map((before) => ({ before, why: reason(actors, before, after) }))
      .filter((order): order is { before: Actor; why: string } => order.why !== null)
      .map(({ before, why }) => ({ before: before.view.index, after: after.view.index, why })),
  );
}

function reason(actors: readonly Actor[], before: Actor, after: Actor): string | null {
  if (before.written !== null && before.written === after.observed) return "it wrote the value that the other saw";
  const between = actors.some((other) => precedes(before, other) && precedes(other, after));
  if (!precedes(before, after) || between) return null;
  const { completedAtNs = 0 } = before.view;
  return withClock(
    (seconds) => `it ended at ${seconds(completedAtNs)}, before the other began at ${seconds(after.view.invokedAtNs)}`,
  );
}

import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { HistoryEvent } from "../../history/event.ts";

/** Draws numbers from one seed. */
export class Dice {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from 0 up to and not including `limit`. */
  below(limit: number): number {
    return uniformInt(this.#generator, 0, limit - 1);
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** An operation with the instant at which it took effect, so that the history is linearizable by construction. */
export interface SimulatedOperation {
  process: number;
  f: "read" | "write" | "cas";
  value: unknown;
  type: "ok" | "fail" | "info";
  invokedAt: number;
  completedAt: number;
  error?: string;
}

export interface Shape {
  readonly operations: number;
  readonly clients: number;
  readonly info: number;
  readonly cas: number;
  /** Values are drawn from this many; 0: every value is written once. */
  readonly domain: number;
}

/** Clients of one atomic register. Each operation takes effect at a random instant between its two times. */
export function simulate(dice: Dice, shape: Shape): SimulatedOperation[] {
  const planned = plan(dice, shape);
  const recent: unknown[] = [null];
  let value: unknown = null;
  let fresh = 0;
  const next = (): number => (shape.domain === 0 ? ++fresh : dice.below(shape.domain) + 1);
  for (const operation of [...planned].sort((a, b) => a.instant - b.instant)) {
    const unknown = dice.chance(shape.info);
    const happens = !unknown || dice.chance(0.5);
    operation.type = unknown ? "info" : "ok";
    if (dice.chance(shape.cas)) {
      const old = dice.chance(0.6) ? value : dice.pick(recent.slice(-4));
      operation.f = "cas";
      operation.value = [old, next()];
      if (old !== value && !unknown) refuse(operation);
      else if (old === value && happens) value = (operation.value as unknown[])[1];
    } else if (dice.chance(0.5)) {
      operation.f = "write";
      operation.value = next();
      if (dice.chance(0.05)) Object.assign(operation, { type: "fail", error: "not-leader" });
      else if (happens) value = operation.value;
    } else operation.value = value;
    recent.push(value);
  }
  return planned;
}

function refuse(operation: SimulatedOperation): void {
  operation.type = "fail";
  operation.error = "cas-mismatch";
}

function plan(dice: Dice, shape: Shape): (SimulatedOperation & { instant: number })[] {
  const clock = Array.from({ length: shape.clients }, () => dice.below(1000));
  return Array.from({ length: shape.operations }, (_, process) => {
    const client = dice.below(shape.clients);
    const invokedAt = clock[client]! + dice.below(1000);
    const completedAt = invokedAt + 1 + dice.below(2000);
    clock[client] = completedAt + 1;
    const instant = invokedAt + dice.below(completedAt - invokedAt + 1);
    return { process, f: "read" as const, value: null, type: "ok" as const, invokedAt, completedAt, instant };
  });
}

/** The events of simulated operations, in time order; every operation is a process of its own. */
export function eventsOf(operations: readonly SimulatedOperation[], key = "x"): HistoryEvent[] {
  const events = operations.flatMap((operation) => {
    const { process, f, value, type, invokedAt, completedAt, error } = operation;
    const asked = f === "read" ? null : value;
    const answer = type === "ok" || f !== "read" ? value : null;
    return [
      { time: invokedAt, order: 0, process, type: "invoke" as const, f, key, value: asked },
      { time: completedAt, order: 1, process, type, f, key, value: answer, ...(error === undefined ? {} : { error }) },
    ];
  });
  events.sort((a, b) => a.time - b.time || a.order - b.order || a.process - b.process);
  return events.map(({ order: _, ...event }, index) => ({ index, ...event }));
}

/** Changes one thing at random: what an operation saw or wrote, when, or how it ended. The oracle judges the result. */
export function corrupt(dice: Dice, operations: SimulatedOperation[]): void {
  const victim = dice.pick(operations);
  const value = dice.below(operations.length) || null;
  const changes: (() => void)[] = [
    () => {
      if (victim.f === "read") victim.value = value;
      else if (victim.f === "cas") victim.value = [value, (victim.value as unknown[])[1]];
    },
    () => {
      const other = dice.pick(operations);
      [victim.value, other.value] = victim.f === other.f ? [other.value, victim.value] : [victim.value, other.value];
    },
    () => {
      if (victim.f === "cas" && victim.type === "ok") refuse(victim);
      else if (victim.f === "cas") victim.type = "ok";
      else if (victim.f === "write") victim.type = victim.type === "ok" ? "fail" : "ok";
    },
    () => {
      const shift = dice.below(3000) - 1500;
      victim.invokedAt = Math.max(0, victim.invokedAt + shift);
      victim.completedAt = Math.max(victim.invokedAt + 1, victim.completedAt + shift);
    },
  ];
  dice.pick(changes)();
}

import type { HistoryEvent } from "../../history/event.ts";
import type { RandomStream } from "../../random/stream.ts";

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
export function simulate(random: RandomStream, shape: Shape): SimulatedOperation[] {
  const planned = plan(random, shape);
  const recent: unknown[] = [null];
  let value: unknown = null;
  let fresh = 0;
  const next = (): number => (shape.domain === 0 ? ++fresh : random.integer(0, shape.domain - 1) + 1);
  for (const operation of [...planned].sort((a, b) => a.instant - b.instant)) {
    const unknown = random.fraction() < shape.info;
    const happens = !unknown || random.fraction() < 0.5;
    operation.type = unknown ? "info" : "ok";
    if (random.fraction() < shape.cas) {
      const old = random.fraction() < 0.6 ? value : random.pick(recent.slice(-4));
      operation.f = "cas";
      operation.value = [old, next()];
      if (old !== value && !unknown) refuse(operation);
      else if (old === value && happens) value = (operation.value as unknown[])[1];
    } else if (random.fraction() < 0.5) {
      operation.f = "write";
      operation.value = next();
      if (random.fraction() < 0.05) Object.assign(operation, { type: "fail", error: "not-leader" });
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

function plan(random: RandomStream, shape: Shape): (SimulatedOperation & { instant: number })[] {
  const clock = Array.from({ length: shape.clients }, () => random.integer(0, 999));
  return Array.from({ length: shape.operations }, (_, process) => {
    const client = random.integer(0, shape.clients - 1);
    const invokedAt = clock[client]! + random.integer(0, 999);
    const completedAt = invokedAt + 1 + random.integer(0, 1999);
    clock[client] = completedAt + 1;
    const instant = invokedAt + random.integer(0, completedAt - invokedAt);
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
export function corrupt(random: RandomStream, operations: SimulatedOperation[]): void {
  const victim = random.pick(operations);
  const value = random.integer(0, operations.length - 1) || null;
  const changes: (() => void)[] = [
    () => {
      if (victim.f === "read") victim.value = value;
      else if (victim.f === "cas") victim.value = [value, (victim.value as unknown[])[1]];
    },
    () => {
      const other = random.pick(operations);
      [victim.value, other.value] = victim.f === other.f ? [other.value, victim.value] : [victim.value, other.value];
    },
    () => {
      if (victim.f === "cas" && victim.type === "ok") refuse(victim);
      else if (victim.f === "cas") victim.type = "ok";
      else if (victim.f === "write") victim.type = victim.type === "ok" ? "fail" : "ok";
    },
    () => {
      const shift = random.integer(0, 2999) - 1500;
      victim.invokedAt = Math.max(0, victim.invokedAt + shift);
      victim.completedAt = Math.max(victim.invokedAt + 1, victim.completedAt + shift);
    },
  ];
  random.pick(changes)();
}

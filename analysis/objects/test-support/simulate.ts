import type { EventType, HistoryEvent } from "../../../history/event.ts";
import type { RandomStream } from "../../../random/stream.ts";

/** One operation on a simulated object. */
export interface Deed {
  readonly f: string;
  readonly asked: unknown;
  readonly answer: unknown;
}

/** An object that does one thing at a time, and what a client would do with it next. `state` is changed in place. */
export interface SimulatedObject<State> {
  start(): State;
  /** Carries one operation out. `happens` false: it is never carried out, so nothing may change. */
  act(state: State, random: RandomStream, process: number, happens: boolean): Deed;
  /** Another answer, which may or may not be wrong. */
  distort(answer: unknown, random: RandomStream): unknown;
}

export interface SimulatedOperation {
  process: number;
  f: string;
  asked: unknown;
  answer: unknown;
  type: Exclude<EventType, "invoke">;
  invokedAt: number;
  completedAt: number;
}

export interface Shape {
  readonly operations: number;
  readonly clients: number;
  readonly info: number;
  readonly fail: number;
}

/** Clients of one object. Each operation takes effect at a random instant between its two times; unknown ones later. */
export function simulate<State>(
  random: RandomStream,
  object: SimulatedObject<State>,
  shape: Shape,
): SimulatedOperation[] {
  const plan = planned(random, shape);
  const state = object.start();
  for (const slot of [...plan].sort((a, b) => a.instant - b.instant)) {
    const happens = slot.type === "ok" || (slot.type === "info" && random.fraction() < 0.5);
    Object.assign(slot, object.act(state, random, slot.process, happens));
  }
  return plan;
}

/** A client whose operation ended in info goes on as another process, as in a real history. */
function planned(random: RandomStream, { operations, clients, info, fail }: Shape) {
  const clock = Array.from({ length: clients }, () => random.integer(0, 999));
  const process = Array.from({ length: clients }, (_, client) => client);
  return Array.from({ length: operations }, () => {
    const client = random.integer(0, clients - 1);
    const invokedAt = clock[client]! + random.integer(0, 999);
    const completedAt = invokedAt + 1 + random.integer(0, 1999);
    clock[client] = completedAt + 1;
    const draw = random.fraction();
    const type = draw < info ? ("info" as const) : draw < info + fail ? ("fail" as const) : ("ok" as const);
    const latest = type === "info" ? completedAt + 3000 : completedAt;
    const instant = random.integer(invokedAt, latest);
    const slot = { process: process[client]!, f: "", asked: null, answer: null, type, invokedAt, completedAt, instant };
    if (type === "info") process[client]! += clients;
    return slot;
  });
}

/** The events of simulated operations, in time order. */
export function eventsOf(operations: readonly SimulatedOperation[], key = "x"): HistoryEvent[] {
  const events = operations.flatMap(({ process, f, asked, answer, type, invokedAt, completedAt }) => [
    { time: invokedAt, order: 0, process, type: "invoke" as const, f, key, value: asked },
    { time: completedAt, order: 1, process, type, f, key, value: type === "ok" ? answer : asked },
  ]);
  events.sort((a, b) => a.time - b.time || a.order - b.order || a.process - b.process);
  return events.map(({ order: _, ...event }, index) => ({ index, ...event }));
}

/** Gives every operation a process of its own, so that its times may be moved. */
export function withoutSessions(operations: SimulatedOperation[]): SimulatedOperation[] {
  for (const [process, operation] of operations.entries()) operation.process = process;
  return operations;
}

/** Changes one thing at random: an answer, how an operation ended, or when. An oracle judges the result. */
export function corrupt<State>(
  random: RandomStream,
  object: SimulatedObject<State>,
  operations: SimulatedOperation[],
  mayMove: boolean,
): void {
  const victim = random.pick(operations);
  const changes: (() => void)[] = [
    () => {
      victim.answer = object.distort(victim.answer, random);
    },
    () => {
      const other = random.pick(operations);
      if (victim.f === other.f) [victim.answer, other.answer] = [other.answer, victim.answer];
    },
    () => {
      victim.type = victim.type === "ok" ? "fail" : "ok";
    },
    () => {
      const shift = random.integer(0, 3999) - 2000;
      victim.invokedAt = Math.max(0, victim.invokedAt + shift);
      victim.completedAt = Math.max(victim.invokedAt + 1, victim.completedAt + shift);
    },
  ];
  random.pick(mayMove ? changes : changes.slice(0, 2))();
}

import type { Completion, HistoryEvent, Operation } from "../../history/event.ts";
import type { Context, Generator, Offer } from "./generator.ts";

/** How simulated clients behave. */
export interface Simulation {
  /** Default: 3. */
  readonly concurrency?: number;
  /** No operation is invoked at or after this time. Default: no limit. */
  readonly untilNs?: number;
  /** What becomes of an operation, and how long it takes; default: ok after 1 ms. */
  readonly perform?: (operation: Operation, process: number) => SimulatedCompletion;
  /** A generator without an end is stopped after so many operations. Default: 1000. */
  readonly maxOperations?: number;
}

export interface SimulatedCompletion extends Completion {
  readonly latencyNs?: number;
}

const answerOk = (): SimulatedCompletion => ({ type: "ok" });

interface UnderWay {
  readonly process: number;
  readonly operation: Operation;
  readonly completion: Completion;
  readonly endNs: number;
}

/** Carries a generator out in virtual time, without a cluster and without sleeping. Answers the history. */
export function simulate(generator: Generator, simulation: Simulation = {}): HistoryEvent[] {
  const { concurrency = 3, untilNs = Number.POSITIVE_INFINITY, maxOperations = 1000, perform = answerOk } = simulation;
  const threads = Array.from({ length: concurrency }, (_, thread) => thread);
  const run = new SimulatedRun(generator, threads);
  for (let invoked = 0; invoked < maxOperations; ) {
    const step = run.ask();
    if (step === null) break;
    const dueNs = step.type === "offer" ? Math.max(step.atNs, run.timeNs) : step.untilNs;
    if (run.completeBefore(dueNs, step.type === "pending")) continue;
    if (dueNs >= untilNs || dueNs === Number.POSITIVE_INFINITY) break;
    run.timeNs = dueNs;
    if (step.type === "pending") continue;
    const { latencyNs = 1e6, ...completion }: SimulatedCompletion = perform(step.operation, step.process);
    run.invoke(step, completion, latencyNs);
    invoked++;
  }
  while (run.completeBefore(Number.POSITIVE_INFINITY, true));
  return run.events;
}

class SimulatedRun {
  timeNs = 0;
  readonly events: HistoryEvent[] = [];
  readonly #threads: readonly number[];
  #free: number[];
  #underWay: UnderWay[] = [];
  #generator: Generator;

  constructor(generator: Generator, threads: readonly number[]) {
    this.#generator = generator;
    this.#threads = threads;
    this.#free = [...threads];
  }

  ask() {
    return this.#generator.next(this.#context());
  }

  invoke({ process, operation, atNs, rest }: Offer, completion: Completion, latencyNs: number): void {
    this.#generator = rest;
    this.#free = this.#free.filter((other) => other !== process);
    this.#record({ process, type: "invoke", ...operation, ...(this.timeNs - atNs > 1e6 ? { intendedNs: atNs } : {}) });
    this.#underWay.push({ process, operation, completion, endNs: this.timeNs + latencyNs });
    this.#underWay.sort((a, b) => a.endNs - b.endNs);
  }

  /** Completes the operation that ends first, if that is before a time, or at it. */
  completeBefore(timeNs: number, inclusive: boolean): boolean {
    const [first] = this.#underWay;
    if (first === undefined || (inclusive ? first.endNs > timeNs : first.endNs >= timeNs)) return false;
    this.#underWay.shift();
    const { process, operation, completion } = first;
    this.timeNs = Math.max(this.timeNs, first.endNs);
    this.#free.push(completion.type === "info" ? process + this.#threads.length : process);
    this.#record({ process, ...operation, ...completion });
    return true;
  }

  #record(event: Omit<HistoryEvent, "index" | "time">): void {
    const stamped = { index: this.events.length, time: this.timeNs, ...event };
    this.events.push(stamped);
    this.#generator = this.#generator.hear(stamped, this.#context());
  }

  #context(): Context {
    return {
      timeNs: this.timeNs,
      free: this.#free,
      threads: this.#threads,
      concurrency: this.#threads.length,
    };
  }
}

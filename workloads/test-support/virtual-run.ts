import type { HistoryEvent, Operation } from "../../history/event.ts";
import { randomStream } from "../../random/stream.ts";
import { MemoryCluster } from "../../sut/memory/cluster.ts";
import { bugsOf } from "../../sut/memory/knobs.ts";
import type { Client } from "../../sut/system.ts";
import { nowMs, sleepMs } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { each } from "../generators/each.ts";
import type { Context, Generator } from "../generators/generator.ts";
import type { Workload } from "../workload.ts";

export interface VirtualRun {
  readonly workload: Workload;
  readonly seed: number;
  readonly bug?: string;
  /** Part of the requests whose answer gets lost. */
  readonly lost?: number;
  readonly durationMs?: number;
  /** Operations a second. */
  readonly rate?: number;
}

const concurrency = 12;
const nodes = ["n1", "n2", "n3", "n4", "n5"];
const timeoutMs = 1_000_000;

/** The history of a workload on the in-process store, in virtual time: the same for the same seed. */
export async function virtualRun({ workload, seed, bug = "none", ...rest }: VirtualRun): Promise<HistoryEvent[]> {
  const { lost = 0, durationMs = 4000, rate = 400 } = rest;
  const time = new VirtualTime();
  const around = { random: randomStream(seed, "memory"), clock: time };
  const cluster = new MemoryCluster({ nodes, bugs: bugsOf(bug), delayMs: 4, lost }, around);
  const run = new Run(workload, cluster, time);
  const load = workload.generator({ random: randomStream(seed, "workload"), concurrency });
  await time.run(() => run.phase(each(workload.setup?.() ?? []), 1, Number.POSITIVE_INFINITY, 0));
  await time.run(() => run.phase(load, concurrency, nowMs(time) + durationMs, 1000 / rate));
  const keys = run.keys();
  for (let client = 0; client < concurrency; client++) {
    await time.run(() => run.phase(each(workload.finalReads(keys)), 1, Number.POSITIVE_INFINITY, 0));
  }
  return run.events;
}

class Run {
  readonly events: HistoryEvent[] = [];
  readonly #workload: Workload;
  readonly #time: VirtualTime;
  readonly #clients: readonly Client[];
  #processes: readonly number[] = Array.from({ length: concurrency }, (_, process) => process);
  #generator: Generator = each([]);

  constructor(workload: Workload, cluster: MemoryCluster, time: VirtualTime) {
    this.#workload = workload;
    this.#time = time;
    this.#clients = this.#processes.map((process) =>
      cluster.client(process % 2 === 0 ? { pinnedTo: nodes[(process / 2) % nodes.length]! } : {}),
    );
  }

  keys(): string[] {
    const named = this.events.flatMap(({ f, key, value }) =>
      f === "txn" ? (value as [string, string][]).map((step) => step[1]) : (key ?? []),
    );
    return [...new Set(named)];
  }

  /** A generator carried out by so many of the clients. */
  async phase(generator: Generator, clients: number, untilMs: number, everyMs: number): Promise<void> {
    this.#generator = generator;
    let free = this.#processes.slice(0, clients);
    const underWay = new Set<Promise<void>>();
    while (nowMs(this.#time) < untilMs) {
      const step = this.#generator.next(this.#context(free));
      if (step === null) break;
      if (step.type === "offer") {
        this.#generator = step.rest;
        free = free.filter((process) => process !== step.process);
        const done = this.#perform(step.process, step.operation, (process) => {
          free = [...free, process];
        }).then(() => {
          underWay.delete(done);
        });
        underWay.add(done);
      }
      if (free.length === 0 || step.type === "pending") await Promise.race(underWay);
      else if (everyMs > 0) await sleepMs(this.#time, everyMs);
    }
    await Promise.all(underWay);
  }

  async #perform(process: number, operation: Operation, release: (process: number) => void): Promise<void> {
    const client = this.#clients[process % concurrency]!;
    this.#record({ process, type: "invoke", ...operation });
    const { perform } = this.#workload;
    const checked: Pick<Client, "invoke"> = {
      invoke: (asked, limitMs) => client.invoke(this.#needed(asked), limitMs),
    };
    const ended = perform ? perform(checked, operation, timeoutMs, this.#time) : checked.invoke(operation, timeoutMs);
    const completion = await ended;
    this.#record({ process, ...operation, ...completion, value: completion.value ?? operation.value });
    const next = completion.type === "info" ? process + concurrency : process;
    this.#processes = this.#processes.map((each) => (each === process ? next : each));
    release(next);
  }

  /** A workload says which operations it needs, so that a plan can refuse it; it must not ask for others. */
  #needed(operation: Operation): Operation {
    if (this.#workload.operations.some((needed) => needed === operation.f)) return operation;
    throw new Error(`${this.#workload.name} asked for ${operation.f}, which it does not say that it needs`);
  }

  #record(event: Omit<HistoryEvent, "index" | "time">): void {
    const stamped = { index: this.events.length, time: this.#time.nowNs(), ...event };
    this.events.push(stamped);
    this.#generator = this.#generator.hear(stamped, this.#context([]));
  }

  #context(free: readonly number[]): Context {
    const threads = Array.from({ length: concurrency }, (_, thread) => thread);
    return { timeNs: this.#time.nowNs(), free, threads, concurrency };
  }
}

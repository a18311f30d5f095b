import type { RandomStream } from "../../../random/stream.ts";
import { type Cancel, type Clock, nowMs } from "../../../time/clock.ts";
import type { AssembledNode } from "../node/assemble.ts";
import type { Machine } from "./machine.ts";
import type { RangeMs } from "./settings.ts";

/** What came of a call to a node. */
export type Called<Answer> =
  | { readonly type: "answered"; readonly answer: Answer }
  | { readonly type: "not-sent" | "connection-lost" | "timeout" };

export interface CallerOptions {
  readonly time: Clock;
  readonly random: RandomStream;
  readonly delayMs: RangeMs;
}

/**
 * Whoever is no node, but talks to one: clients, the observer, operators. Nothing gets lost on the way to a node and back,
 * but a node without a process refuses, one that ends takes its connections with it, and a paused one is silent.
 */
export class Caller {
  readonly #options: CallerOptions;
  /** What waits for an answer, by the machine that owes it. */
  readonly #waiting = new Map<Machine, Set<() => void>>();

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  call<Answer>(
    machine: Machine,
    timeoutMs: number,
    ask: (node: AssembledNode, answer: (answer: Answer) => void) => void,
  ): Promise<Called<Answer>> {
    const { time } = this.#options;
    const deadlineMs = nowMs(time) + timeoutMs;
    return new Promise((resolve) => {
      const waiting = this.#waitingFor(machine);
      let callOff: Cancel | null = null;
      const settle = (called: Called<Answer>) => {
        callOff?.();
        waiting.delete(lost);
        resolve(called);
      };
      const lost = () => this.#travel(() => settle({ type: "connection-lost" }));
      this.#travel(() => {
        const { process, node } = machine;
        const leftMs = deadlineMs - nowMs(time);
        if (process === null || node === null || leftMs <= 0) {
          settle({ type: "not-sent" });
          return;
        }
        callOff = time.after(leftMs, () => settle({ type: "timeout" }));
        waiting.add(lost);
        const answer = (answer: Answer) => this.#travel(() => settle({ type: "answered", answer }));
        process.arrive(() => ask(node, answer));
      });
    });
  }

  /** The machine's process is gone: nobody there will answer. */
  hangUp(machine: Machine): void {
    for (const lost of this.#waitingFor(machine)) lost();
    this.#waiting.delete(machine);
  }

  #waitingFor(machine: Machine): Set<() => void> {
    const known = this.#waiting.get(machine);
    if (known !== undefined) return known;
    const waiting = new Set<() => void>();
    this.#waiting.set(machine, waiting);
    return waiting;
  }

  #travel(arrived: () => void): void {
    const { time, random, delayMs } = this.#options;
    const [least, most] = delayMs;
    time.after(least + (most - least) * random.fraction(), arrived);
  }
}

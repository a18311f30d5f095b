import { Worker } from "node:worker_threads";
import { UsageError } from "../errors.ts";
import type { Trial, TrialOptions } from "./trial.ts";
import type { TrialAnswer } from "./worker.ts";

interface Task {
  readonly options: TrialOptions;
  readonly resolve: (trial: Trial) => void;
  readonly reject: (cause: Error) => void;
}

/** Threads that carry out trials, one at a time each, in the order in which they are asked for. */
export class TrialPool {
  readonly #threads: number;
  readonly #busy = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting: Task[] = [];

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Rejects when the trial could not be carried out, or its thread came to an end: the next one gets another. */
  run(options: TrialOptions): Promise<Trial> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ options, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads at once. What they were at is never answered. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    await Promise.all([...this.#busy, ...this.#idle.splice(0)].map((worker) => worker.terminate()));
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    if (this.#idle.length === 0 && this.#busy.size >= this.#threads) return;
    this.#carryOut(this.#idle.pop() ?? startThread(), this.#waiting.shift()!);
  }

  #carryOut(worker: Worker, { options, resolve, reject }: Task): void {
    this.#busy.add(worker);
    const free = (): void => {
      worker.off("message", answered).off("error", failed);
      this.#busy.delete(worker);
      this.#next();
    };
    const answered = (answer: TrialAnswer): void => {
      this.#idle.push(worker);
      free();
      if ("trial" in answer) resolve(answer.trial);
      else reject(new UsageError(answer.refused));
    };
    const failed = (cause: Error): void => {
      free();
      reject(cause);
    };
    worker.on("message", answered).on("error", failed);
    worker.postMessage(options);
  }
}

function startThread(): Worker {
  // The worker runs what this file is: source under Node's type stripping, or what was compiled from it.
  const script = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
  return new Worker(script, { execArgv: [] });
}

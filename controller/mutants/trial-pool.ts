import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Trial, TrialOptions } from "./trial.ts";

/** Threads that carry out trials, one at a time each. */
export class TrialPool {
  readonly #idle: Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  constructor(threads: number) {
    // The worker runs what this file is: source under Node's type stripping, or what was compiled from it.
    const script = new URL(
      import.meta.url.endsWith(".ts") ? "./trial-worker.ts" : "./trial-worker.js",
      import.meta.url,
    );
    this.#idle = Array.from({ length: threads }, () => new Worker(script, { execArgv: [] }));
  }

  async run(options: TrialOptions): Promise<Trial> {
    const worker = this.#idle.pop() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    worker.postMessage(options);
    const [trial] = (await once(worker, "message")) as [Trial];
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
    return trial;
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }
}

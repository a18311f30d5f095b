import { scriptBeside } from "../../../analysis/script-beside.ts";
import { makePlan } from "../../plan/plan.ts";
import { ThreadPool, TookTooLong } from "./thread-pool.ts";
import { brokenOff, type Trial, type TrialOptions } from "./trial.ts";

/**
 * A run that takes so much longer than the time that it simulates hangs: a healthy one takes a hundredth of it. Real time
 * decides nothing but that.
 */
const usualGraceMs = 60_000;

const trialScript = scriptBeside(import.meta.url, "worker");

/** Threads that carry out trials, one at a time each, in the order in which they are asked for. */
export class TrialPool {
  readonly #threads: ThreadPool<TrialOptions, Trial>;
  readonly #graceMs: number;

  constructor(threads: number, { script = trialScript, graceMs = usualGraceMs } = {}) {
    this.#threads = new ThreadPool(threads, script);
    this.#graceMs = graceMs;
  }

  /** A trial that hangs decides nothing. Rejects when the options cannot be carried out, or its thread came to an end. */
  async run(options: TrialOptions): Promise<Trial> {
    const limitMs = makePlan(options, 0).timeLimitMs + this.#graceMs;
    return this.#threads.run(options, limitMs).catch((cause) => {
      if (cause instanceof TookTooLong) return { ...brokenOff(cause), seconds: limitMs / 1000 };
      throw cause;
    });
  }

  /** Ends the threads at once. What they were at is never answered. */
  close(): Promise<void> {
    return this.#threads.close();
  }
}

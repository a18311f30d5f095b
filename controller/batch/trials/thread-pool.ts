import { Worker } from "node:worker_threads";
import { formatDurationMs } from "../../plan/duration.ts";

/** Of `setTimeout`; a longer one would be over at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A task was stopped because it did not come to its end in time. */
export class TookTooLong extends Error {
  constructor(limitMs: number) {
    super(`it took longer than ${formatDurationMs(limitMs)} of real time, and was stopped`);
  }
}

interface Deed<Task, Answer> {
  readonly task: Task;
  readonly limitMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * Threads that run one script, which answers each message with one. They carry out one task at a time each, in the order
 * in which they are asked for.
 */
export class ThreadPool<Task, Answer> {
  readonly #threads: number;
  readonly #script: URL;
  /** Each with what stops it when it takes too long. */
  readonly #busy = new Map<Worker, NodeJS.Timeout>();
  readonly #idle: Worker[] = [];
  readonly #waiting: Deed<Task, Answer>[] = [];

  constructor(threads: number, script: URL) {
    this.#threads = threads;
    this.#script = script;
  }

  /**
   * Rejects when the task's thread came to an end, which it also does when it takes longer than the limit, in real time,
   * from when it began: the next one gets another.
   */
  run(task: Task, limitMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, limitMs, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads at once. What they were at is never answered. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    for (const timer of this.#busy.values()) clearTimeout(timer);
    const workers = [...this.#busy.keys(), ...this.#idle.splice(0)];
    this.#busy.clear();
    for (const worker of workers) worker.removeAllListeners();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    if (this.#idle.length === 0 && this.#busy.size >= this.#threads) return;
    const worker = this.#idle.pop() ?? new Worker(this.#script, { execArgv: [] });
    this.#carryOut(worker, this.#waiting.shift()!);
  }

  #carryOut(worker: Worker, { task, limitMs, resolve, reject }: Deed<Task, Answer>): void {
    const free = (): void => {
      clearTimeout(this.#busy.get(worker));
      worker.off("message", answered).off("error", failed).off("exit", ended);
      this.#busy.delete(worker);
      this.#next();
    };
    const answered = (answer: Answer): void => {
      this.#idle.push(worker);
      free();
      resolve(answer);
    };
    const failed = (cause: Error): void => {
      free();
      reject(cause);
    };
    const ended = (): void => failed(new Error("its thread ended"));
    const tookTooLong = (): void => {
      failed(new TookTooLong(limitMs));
      void worker.terminate();
    };
    this.#busy.set(worker, setTimeout(tookTooLong, Math.min(limitMs, longestTimerMs)));
    worker.on("message", answered).on("error", failed).on("exit", ended);
    worker.postMessage(task);
  }
}

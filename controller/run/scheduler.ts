import { messageOf } from "../../errors/errors.ts";
import type { Completion, HistoryEvent, Operation } from "../../history/event.ts";
import type { Client } from "../../sut/system.ts";
import { type Clock, nextTurn, nsPerMs, sleepUntilNs } from "../../time/clock.ts";
import type { Context, Generator, Step } from "../../workloads/generators/generator.ts";
import type { Recorder } from "./recorder.ts";

/** One client: at most one operation under way, under a process number that is retired when an outcome is unknown. */
export interface Worker {
  process: number;
  readonly client: Client;
  readonly timeoutMs: number;
}

/** What the workers do for one phase of a run. */
export interface Load {
  readonly generator: Generator;
  readonly workers: readonly Worker[];
  /** The run's concurrency: a retired process p is continued as p + concurrency. */
  readonly concurrency: number;
  /** No operation is invoked after this time; those under way are waited for. */
  readonly untilNs: number;
  /** Picks among free workers; an index below the count. */
  readonly pickFree: (count: number) => number;
  readonly signal: AbortSignal;
}

/** How much longer than its timeout an operation may take before its client is taken for stuck. */
const graceMs = 2000;
/** Timers are no finer: what is due within it is due. What is later than that was kept waiting, and says so. */
const timerNs = nsPerMs;

/**
 * Drives the workers until the time is up, the generator has nothing more, or the signal aborts; then waits for every
 * operation under way, so that the phase ends with each one completed.
 */
export async function runLoad(load: Load, clock: Clock, recorder: Recorder): Promise<void> {
  const run = new LoadRun(load, clock, recorder);
  const wake = (): void => run.wake();
  let isAborted = load.signal.aborted;
  const abort = (): void => {
    isAborted = true;
    run.wake();
  };
  load.signal.addEventListener("abort", abort);
  const ended = new AbortController();
  void sleepUntilNs(clock, load.untilNs, ended.signal).then(wake);
  try {
    while (!isAborted && clock.nowNs() < load.untilNs) {
      const step = run.recordDue();
      if (run.send()) await nextTurn(clock);
      else if (step === null) break;
      else await run.sleep(step);
    }
  } finally {
    ended.abort();
    load.signal.removeEventListener("abort", abort);
    await run.allDone();
  }
}

interface Invoked {
  readonly worker: Worker;
  readonly process: number;
  readonly operation: Operation;
}

class LoadRun {
  readonly #load: Load;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #startNs: number;
  readonly #threads: readonly number[];
  readonly #free: Worker[];
  #freeProcesses: readonly number[] = [];
  /** Recorded, and not sent yet. */
  #invoked: Invoked[] = [];
  #underWay = 0;
  #noneUnderWay = (): void => undefined;
  #generator: Generator;
  /** Woken by a completion, by an abort and when the time is up; what happened since the last answer counts too. */
  #isWoken = false;
  #endSleep = (): void => undefined;
  #failure: unknown = null;

  constructor(load: Load, clock: Clock, recorder: Recorder) {
    this.#load = load;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#startNs = clock.nowNs();
    this.#threads = load.workers.map(({ process }) => process % load.concurrency);
    this.#free = [...load.workers];
    this.#generator = load.generator;
    this.#preferOne();
  }

  /**
   * Records the invocation of everything that is due, and returns what comes after that. Rejects a load whose history or
   * generator failed along the way.
   */
  recordDue(): Step | null {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      this.#isWoken = false;
      const step = this.#generator.next(this.#context());
      if (step === null || !this.#invoke(step)) return step;
    }
  }

  /** Lets clients send what was recorded, once it is in the history: a killed controller leaves no effect without a cause. */
  send(): boolean {
    const invoked = this.#invoked;
    if (invoked.length === 0) return false;
    this.#invoked = [];
    this.#recorder.flush();
    for (const each of invoked) {
      this.#underWay++;
      this.#perform(each).then(this.#isDone, (error: unknown) => {
        this.#failure ??= error;
        this.#isDone();
      });
    }
    return true;
  }

  /** Until what is offered is due, or something wakes. What comes after the time is up is not waited for. */
  async sleep(step: Step): Promise<void> {
    if (this.#isWoken) return;
    const nowNs = this.#clock.nowNs();
    const askedNs = Math.ceil(this.#startNs + (step.type === "offer" ? step.atNs : step.untilNs));
    // A part of a nanosecond that is still to come gets lost in a sum; without waiting it would never be over.
    const dueNs = Math.max(askedNs, nowNs + 1);
    const leftMs = (dueNs - nowNs) / nsPerMs;
    const sleep = Promise.withResolvers<void>();
    const callOff = dueNs < this.#load.untilNs ? this.#clock.after(leftMs, sleep.resolve) : null;
    this.#endSleep = () => {
      callOff?.();
      sleep.resolve();
    };
    await sleep.promise;
  }

  wake(): void {
    this.#isWoken = true;
    this.#endSleep();
  }

  async allDone(): Promise<void> {
    while (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#noneUnderWay = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure;
  }

  readonly #isDone = (): void => {
    this.#underWay--;
    this.wake();
    if (this.#underWay === 0) this.#noneUnderWay();
  };

  /** Records the invocation of what is offered, if it is due. */
  #invoke(step: Step): boolean {
    if (step.type !== "offer") return false;
    const intendedNs = Math.round(this.#startNs + step.atNs);
    if (intendedNs > this.#clock.nowNs() + timerNs) return false;
    this.#generator = step.rest;
    const { process, operation } = step;
    const worker = this.#take(process);
    const late = this.#clock.nowNs() - intendedNs > timerNs;
    const invocation = { ...operation, process, type: "invoke" } as const;
    this.#record(late ? { ...invocation, intendedNs } : invocation);
    this.#invoked.push({ worker, process, operation });
    return true;
  }

  async #perform({ worker, process, operation }: Invoked): Promise<void> {
    const completion = await complete(worker, operation, this.#clock);
    if (completion.type === "info") worker.process += this.#load.concurrency;
    this.#release(worker);
    this.#record(completionEvent(process, operation, completion));
  }

  #record(event: Omit<HistoryEvent, "index" | "time">): void {
    this.#generator = this.#generator.hear(this.#recorder.record(event), this.#context());
  }

  #take(process: number): Worker {
    const place = this.#free.findIndex((worker) => worker.process === process);
    const [worker] = this.#free.splice(place, 1);
    if (place < 0 || worker === undefined) throw new Error(`the generator chose process ${process}, which is not free`);
    this.#preferOne();
    return worker;
  }

  #release(worker: Worker): void {
    this.#free.push(worker);
    this.#preferOne();
  }

  /** Which of the free ones comes next is drawn, so that no client is preferred. */
  #preferOne(): void {
    const count = this.#free.length;
    if (count > 1) {
      const chosen = this.#load.pickFree(count);
      [this.#free[0], this.#free[chosen]] = [this.#free[chosen]!, this.#free[0]!];
    }
    this.#freeProcesses = this.#free.map(({ process }) => process);
  }

  #context(): Context {
    return {
      timeNs: this.#clock.nowNs() - this.#startNs,
      free: this.#freeProcesses,
      threads: this.#threads,
      concurrency: this.#load.concurrency,
    };
  }
}

/** A client that throws, or never answers, has told nothing of its operation: that is `info`, never `fail`. */
function complete(worker: Worker, operation: Operation, clock: Clock): Promise<Completion> {
  return new Promise((resolve) => {
    const callOff = clock.after(worker.timeoutMs + graceMs, () => resolve({ type: "info", error: "client-stuck" }));
    const answered = (completion: Completion): void => {
      callOff();
      resolve(completion);
    };
    const failed = (error: unknown): void =>
      answered({ type: "info", error: "client-error", detail: messageOf(error) });
    try {
      worker.client.invoke(operation, worker.timeoutMs).then(answered, failed);
    } catch (error) {
      failed(error);
    }
  });
}

function completionEvent(
  process: number,
  operation: Operation,
  { type, value, node, error, detail }: Completion,
): Omit<HistoryEvent, "index" | "time"> {
  const event = { ...operation, process, type, value: value === undefined ? operation.value : value };
  return {
    ...event,
    ...(node === undefined ? {} : { node }),
    ...(error === undefined ? {} : { error }),
    ...(detail === undefined ? {} : { detail }),
  };
}

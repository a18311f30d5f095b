import type { Completion, HistoryEvent, Operation } from "../history/event.ts";
import type { Client } from "../sut/system.ts";
import type { Generator } from "../workloads/generators/generator.ts";
import type { RunClock } from "./clock.ts";
import { nsPerMs } from "./clock.ts";
import { messageOf } from "./errors.ts";
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
  /** Operations a second over all workers; 0: each worker as fast as it gets answers. */
  readonly rate: number;
  /** No operation is invoked after this time; those under way are waited for. */
  readonly untilNs: number;
  /** Picks among free workers; an index below the count. */
  readonly pickFree: (count: number) => number;
  readonly signal: AbortSignal;
}

/** How much longer than its timeout an operation may take before its client is taken for stuck. */
const graceMs = 2000;

/**
 * Drives the workers until the time is up, the generator has nothing more, or the signal aborts; then waits for every
 * operation under way, so that the phase ends with each one completed. An operation is due every 1/rate seconds; while
 * no worker is free it waits for one, and what was missed meanwhile is not made up for.
 */
export async function runLoad(load: Load, clock: RunClock, recorder: Recorder): Promise<void> {
  const free = [...load.workers];
  const underWay = new Set<Promise<void>>();
  const intervalNs = load.rate === 0 ? 0 : 1e9 / load.rate;
  const ended = new AbortController();
  let wake = (): void => {};
  void clock.sleepUntilNs(load.untilNs, AbortSignal.any([load.signal, ended.signal])).then(() => wake());
  let failure: { readonly error: unknown } | null = null;
  let dueNs = clock.nowNs();
  while (failure === null && !load.signal.aborted && clock.nowNs() < load.untilNs) {
    if (free.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    const [worker] = free.splice(load.pickFree(free.length), 1) as [Worker];
    const operation = load.generator.next(worker.process);
    if (operation === null) break;
    const done = perform(worker, operation, load, recorder)
      .catch((error: unknown) => {
        failure = { error };
      })
      .then(() => {
        free.push(worker);
        underWay.delete(done);
        wake();
      });
    underWay.add(done);
    dueNs = Math.max(dueNs + intervalNs, clock.nowNs() - intervalNs);
    await pace(dueNs, clock, load.signal);
  }
  ended.abort();
  await Promise.all(underWay);
  rethrow(failure);
}

/** The history cannot be written any more: the run ends, in order, with that. */
function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}

/** Sleeps until the next operation is due; timers are too coarse for less than a millisecond, so it then just yields. */
async function pace(dueNs: number, clock: RunClock, signal: AbortSignal): Promise<void> {
  if (dueNs - clock.nowNs() > nsPerMs) await clock.sleepUntilNs(dueNs, signal);
  else await new Promise((resolve) => setImmediate(resolve));
}

async function perform(worker: Worker, operation: Operation, load: Load, recorder: Recorder): Promise<void> {
  const { generator, concurrency } = load;
  generator.hear(recorder.record({ process: worker.process, type: "invoke", ...operation }));
  const completion = await complete(worker, operation);
  generator.hear(recorder.record(completionEvent(worker.process, operation, completion)));
  if (completion.type === "info") worker.process += concurrency;
}

/** A client that throws, or never answers, has told nothing of its operation: that is `info`, never `fail`. */
async function complete(worker: Worker, operation: Operation): Promise<Completion> {
  const stuck = Promise.withResolvers<Completion>();
  const timer = setTimeout(() => stuck.resolve({ type: "info", error: "client-stuck" }), worker.timeoutMs + graceMs);
  try {
    return await Promise.race([worker.client.invoke(operation, worker.timeoutMs), stuck.promise]);
  } catch (error) {
    return { type: "info", error: `client-error: ${messageOf(error)}` };
  } finally {
    clearTimeout(timer);
  }
}

function completionEvent(
  process: number,
  operation: Operation,
  { type, value, node, error }: Completion,
): Omit<HistoryEvent, "index" | "time"> {
  return {
    process,
    type,
    f: operation.f,
    ...(operation.key === undefined ? {} : { key: operation.key }),
    value: value === undefined ? operation.value : value,
    ...(node === undefined ? {} : { node }),
    ...(error === undefined ? {} : { error }),
  };
}

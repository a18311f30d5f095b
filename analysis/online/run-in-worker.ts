import { Worker } from "node:worker_threads";
import type { HistoryEvent } from "../../history/event.ts";
import { exhausted } from "../budget.ts";
import type { CheckerName } from "../checker-names.ts";
import { scriptBeside } from "../script-beside.ts";
import { onlineCheckers } from "./registry.ts";
import type { SoFar } from "./worker.ts";

/** Online checkers at work in a thread of their own. */
export interface OnlineRun {
  /** Takes client events in order. They are handed over in batches, a few times a second. */
  feed(event: HistoryEvent): void;
  stop(): Promise<void>;
}

const handOverMs = 100;
const memoryMb = 512;

/** Those of the checkers that can judge a history while it grows. */
export function withOnlineCheck(names: readonly CheckerName[]): CheckerName[] {
  return names.filter((name) => onlineCheckers[name] !== undefined);
}

/**
 * Starts the online checkers of these names. `hear` is told what they say so far about once a second, at once when it
 * is invalid; and when they had to stop, that it is unknown, and why.
 */
export function checkOnline(names: readonly CheckerName[], hear: (soFar: SoFar) => void): OnlineRun {
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb };
  const script = scriptBeside(import.meta.url, "worker");
  const worker = new Worker(script, { workerData: names, resourceLimits, execArgv: [] });
  worker.unref();
  worker.on("message", hear);
  worker.on("error", (error: NodeJS.ErrnoException) => {
    for (const name of names) hear({ name, result: gaveUp(error) });
  });
  let batch: HistoryEvent[] = [];
  const handOver = (): void => {
    worker.postMessage(batch);
    batch = [];
  };
  return {
    feed: (event) => {
      if (typeof event.process !== "number") return;
      if (batch.push(event) === 1) setTimeout(handOver, handOverMs).unref();
    },
    stop: async () => {
      worker.removeAllListeners();
      await worker.terminate();
    },
  };
}

function gaveUp(error: NodeJS.ErrnoException) {
  const reached = "judging while the run went on was given up";
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return exhausted("memory-budget", { timeMs: Number.POSITIVE_INFINITY, memoryMb }, reached);
  }
  const remedy = "please report this as a bug of Keelhaul, with the history";
  const summary = `judging while the run went on failed: ${error.message}`;
  return { verdict: "unknown", summary, cause: { code: "checker-failed", reached, remedy } } as const;
}

import { Worker } from "node:worker_threads";
import { type Exhausted, exhausted } from "./budget.ts";
import type { Cause, CheckerBudget, CheckerResult } from "./checker.ts";
import { type ChosenModel, modelCheckerName } from "./chosen-model.ts";
import { conclude, concludeImported } from "./conclude.ts";
import type { Timeline } from "./operations/timeline.ts";
import { emptyOverview, type Overview } from "./overview.ts";
import type { HearProgress } from "./progress.ts";
import type { Signs } from "./reading/signs.ts";
import type { CheckerTerms } from "./registry.ts";
import type { Results } from "./results.ts";
import { scriptBeside } from "./script-beside.ts";
import type { Judges, WorkerMessage, WorkerTask } from "./worker.ts";

/** A history that was read once, for a verdict and for what a report draws. */
export interface Analysis {
  readonly results: Results;
  /** Null where the analysis was stopped before the history was read. */
  readonly timeline: Timeline | null;
}

/** What an analysis obeys besides its budget. */
export interface WorkerControls {
  readonly memoryInUse?: () => number;
  /** Stops it when it aborts; what is decided by then is kept. */
  readonly signal?: AbortSignal;
  /** Why the history ends early, where its controller knows more than the history. */
  readonly lost?: Cause;
  /** Hears how far it is. */
  readonly hear?: HearProgress;
}

/** What is to be analysed, and how. */
export interface AnalysisTask {
  readonly file: string;
  /** What messages call the file, where that is not its path. */
  readonly name?: string;
  readonly judges: Judges;
  /** Names the judges when the history has been read; those above only stand for them until then. */
  readonly choose?: Choice;
  readonly terms?: CheckerTerms;
}

/** A choice of judges that depends on what a history shows. */
export interface Choice {
  /** The model that they will have, where one was asked for. */
  readonly fit?: ChosenModel;
  /** What it throws ends the analysis. */
  judges(signs: Signs): Judges;
}

/**
 * Analyses a history file in a thread of its own, within a budget of time and memory: by a model, if given, and by the
 * checkers that are named. Checkers that did not get to
 * their end say `unknown`, and how far the analysis came; those that did keep their answers.
 */
export async function analyzeInWorker(
  task: AnalysisTask,
  budget: CheckerBudget,
  controls: WorkerControls = {},
): Promise<Analysis> {
  const progress = new Progress(task);
  const end = await runWorker(task, budget, progress, controls);
  const { model, checkers, imported } = progress.judges;
  const all = [...(model === undefined ? [] : [modelCheckerName(model)]), ...checkers];
  const results = all.map((name): [string, CheckerResult] => {
    const result = progress.results.get(name);
    return [name, result ?? undecided(end, budget, progress.reached())];
  });
  const concludeAs = imported === true ? concludeImported : conclude;
  const overview = withLoss(progress.overview ?? emptyOverview, controls.lost);
  return { results: concludeAs(Object.fromEntries(results), overview), timeline: progress.timeline };
}

/** What else the history lacks follows from that. */
function withLoss(overview: Overview, lost: Cause | undefined): Overview {
  return lost === undefined ? overview : { ...overview, inconclusive: [lost] };
}

/** How a worker ended: by itself, stopped for its budget, or by an error that no checker was to blame for. */
type WorkerEnd =
  | { readonly type: "done" | "interrupted" }
  | { readonly type: Exhausted }
  | { readonly type: "error"; error: Error };

const memoryPollMs = 100;
/** Without a limit this grows to 128 MB of garbage. Register checks of 250,000 operations are as fast, and use 20 MB less. */
const youngMb = 8;
/** A worker whose heap is smaller than what Node itself needs takes the whole process down with it. */
const minHeapMb = 128;

function runWorker(
  { file, name, judges, choose, terms }: AnalysisTask,
  budget: CheckerBudget,
  progress: Progress,
  { memoryInUse = process.memoryUsage.rss, signal, hear = () => {} }: WorkerControls,
): Promise<WorkerEnd> {
  if (signal?.aborted) return Promise.resolve({ type: "interrupted" });
  const { promise, resolve, reject } = Promise.withResolvers<WorkerEnd>();
  const resourceLimits = {
    maxOldGenerationSizeMb: Math.max(minHeapMb, budget.memoryMb),
    maxYoungGenerationSizeMb: youngMb,
  };
  const script = scriptBeside(import.meta.url, "worker");
  const workerData: WorkerTask = {
    file,
    ...(name !== undefined && { name }),
    judges: choose === undefined ? judges : null,
    ...(choose?.fit && { fit: choose.fit }),
    ...(terms && { terms }),
  };
  const worker = new Worker(script, { workerData, resourceLimits, execArgv: [] });
  const abandon = (): void => {
    worker.removeAllListeners("message");
    void worker.terminate();
  };
  const stop = (end: WorkerEnd): void => {
    resolve(end);
    abandon();
  };
  const answer = (signs: Signs): void => {
    try {
      worker.postMessage(progress.choose(signs));
    } catch (error) {
      reject(error);
      abandon();
    }
  };
  // The columns of a history lie outside of the heap that is limited above, so the process's growth is watched.
  const startBytes = memoryInUse();
  const watchMemory = (): void => {
    if (memoryInUse() - startBytes > budget.memoryMb * 1024 * 1024) stop({ type: "memory-budget" });
  };
  const timeout = setTimeout(() => stop({ type: "time-budget" }), budget.timeMs);
  const poll = setInterval(watchMemory, memoryPollMs);
  worker.on("message", (message: WorkerMessage) => {
    if (message.type === "progress") hear(message.progress);
    else if (message.type === "signs") answer(message.signs);
    else progress.add(message);
    watchMemory();
  });
  worker.on("error", (error: NodeJS.ErrnoException) => {
    resolve(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? { type: "memory-budget" } : { type: "error", error });
  });
  worker.on("exit", () => resolve({ type: "done" }));
  const interrupt = (): void => stop({ type: "interrupted" });
  signal?.addEventListener("abort", interrupt);
  return promise.finally(() => {
    signal?.removeEventListener("abort", interrupt);
    clearTimeout(timeout);
    clearInterval(poll);
  });
}

class Progress {
  judges: Judges;
  readonly #choose: Choice | undefined;
  overview: Overview | null = null;
  timeline: Timeline | null = null;
  readonly results = new Map<string, CheckerResult>();

  constructor({ judges, choose }: AnalysisTask) {
    this.judges = judges;
    this.#choose = choose;
  }

  choose(signs: Signs): Judges {
    if (this.#choose !== undefined) this.judges = this.#choose.judges(signs);
    return this.judges;
  }

  add(message: Extract<WorkerMessage, { type: "read" | "result" }>): void {
    if (message.type === "result") this.results.set(message.name, message.result);
    else {
      this.overview = message.overview;
      this.timeline = message.timeline;
    }
  }

  reached(): string {
    if (this.overview === null) return "the history was still being read";
    const { ok, fail, info } = this.overview.operations;
    const done = this.results.size === 0 ? "no checker was done" : `done: ${[...this.results.keys()].join(", ")}`;
    return `${ok + fail + info} operations were read; ${done}`;
  }
}

function undecided(end: WorkerEnd, budget: CheckerBudget, reached: string): CheckerResult {
  if (end.type === "time-budget" || end.type === "memory-budget") return exhausted(end.type, budget, reached);
  if (end.type === "interrupted") {
    const remedy = "judge the history with keelhaul analyze";
    return { verdict: "unknown", summary: "not judged: interrupted", cause: { code: "interrupted", reached, remedy } };
  }
  const summary = end.type === "error" ? `the analysis failed: ${end.error.message}` : "the analysis ended early";
  const remedy = "please report this as a bug of Keelhaul, with the history";
  return { verdict: "unknown", summary, cause: { code: "checker-failed", reached, remedy } };
}

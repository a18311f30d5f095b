import { parentPort, workerData } from "node:worker_threads";
import { openHistory } from "../history/reader.ts";
import { analyze } from "./analyze.ts";
import type { CheckerResult } from "./checker.ts";
import type { CheckerName } from "./checker-names.ts";
import type { ChosenModel } from "./chosen-model.ts";
import { modelChecker } from "./model-checker.ts";
import type { Timeline } from "./operations/timeline.ts";
import type { Overview } from "./overview.ts";
import type { AnalysisProgress } from "./progress.ts";
import { type CheckerTerms, checkerFor } from "./registry.ts";

/** What a worker is started with. */
export interface WorkerTask {
  readonly file: string;
  readonly checkers: readonly CheckerName[];
  /** Judged first, if given. */
  readonly model?: ChosenModel;
  /** The history is no run's: the model's answer is the verdict, and the other checkers only describe. */
  readonly imported?: true;
  readonly terms?: CheckerTerms;
}

export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: AnalysisProgress }
  | { readonly type: "read"; readonly overview: Overview; readonly timeline: Timeline }
  | { readonly type: "result"; readonly name: string; readonly result: CheckerResult };

const task = workerData as WorkerTask;
const send = (message: WorkerMessage): void => parentPort?.postMessage(message);

let stage = "";
const tellProgress = (events: number): void => send({ type: "progress", progress: { stage, events } });

analyze(
  openHistory(task.file, tellProgress),
  [
    ...(task.model === undefined ? [] : [modelChecker(task.model, task.imported)]),
    ...task.checkers.map((name) => checkerFor(name, task.terms)),
  ],
  {
    stage: (name) => {
      stage = name;
      tellProgress(0);
    },
    read: (overview, timeline) => send({ type: "read", overview, timeline }),
    result: (name, result) => send({ type: "result", name, result }),
  },
);

import { parentPort, workerData } from "node:worker_threads";
import { openHistory } from "../history/reader.ts";
import { analyze } from "./analyze.ts";
import type { Checker, CheckerResult } from "./checker.ts";
import type { CheckerName } from "./checker-names.ts";
import type { ChosenModel } from "./chosen-model.ts";
import { modelChecker } from "./model-checker.ts";
import type { Timeline } from "./operations/timeline.ts";
import type { Overview } from "./overview.ts";
import type { AnalysisProgress } from "./progress.ts";
import { readSigns } from "./reading/read-signs.ts";
import type { Signs } from "./reading/signs.ts";
import { type CheckerTerms, checkerFor } from "./registry.ts";

/** What a history is judged by. */
export interface Judges {
  readonly checkers: readonly CheckerName[];
  /** Judged first, if given. */
  readonly model?: ChosenModel;
  /** The history is no run's: the model's answer is the verdict, and the other checkers only describe. */
  readonly imported?: true;
}

/** What a worker is started with. */
export interface WorkerTask {
  readonly file: string;
  /** What messages call the file, where that is not its path. */
  readonly name?: string;
  /** Null: they follow as a message, once the worker has read the history and said what it shows. */
  readonly judges: Judges | null;
  /** The model that such judges will have, where it is known already: the history is read for it. */
  readonly fit?: ChosenModel;
  readonly terms?: CheckerTerms;
}

export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: AnalysisProgress }
  | { readonly type: "signs"; readonly signs: Signs }
  | { readonly type: "read"; readonly overview: Overview; readonly timeline: Timeline }
  | { readonly type: "result"; readonly name: string; readonly result: CheckerResult };

const task = workerData as WorkerTask;
const send = (message: WorkerMessage): void => parentPort?.postMessage(message);

let stage = "";
const tellProgress = (events: number): void => send({ type: "progress", progress: { stage, events } });
const begin = (name: string): void => {
  stage = name;
  tellProgress(0);
};

const history = openHistory(task.file, {
  onLines: tellProgress,
  ...(task.name !== undefined && { name: task.name }),
});
if (task.judges !== null) judge(task.judges);
else {
  parentPort?.once("message", judge);
  begin("reading the history");
  send({ type: "signs", signs: readSigns(history, task.fit) });
}

function judge(judges: Judges): void {
  analyze(history, checkersOf(judges), {
    stage: begin,
    read: (overview, timeline) => send({ type: "read", overview, timeline }),
    result: (name, result) => send({ type: "result", name, result }),
  });
}

function checkersOf({ model, imported, checkers }: Judges): Checker[] {
  const named = checkers.map((name) => checkerFor(name, task.terms));
  return model === undefined ? named : [modelChecker(model, imported), ...named];
}

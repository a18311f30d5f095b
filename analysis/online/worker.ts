import { parentPort, workerData } from "node:worker_threads";
import type { HistoryEvent } from "../../history/event.ts";
import type { CheckerResult } from "../checker.ts";
import type { CheckerName } from "../checker-names.ts";
import { onlineCheckers } from "./registry.ts";

/** What a checker says so far; sent about once a second, and at once when it is invalid. */
export interface SoFar {
  readonly name: string;
  readonly result: CheckerResult;
}

const everyMs = 1000;
const checkers = (workerData as readonly CheckerName[]).flatMap((name) => onlineCheckers[name]?.() ?? []);
const alarmed = new Set<string>();
let toldAtMs = performance.now();

parentPort?.on("message", (events: readonly HistoryEvent[]) => {
  const due = performance.now() - toldAtMs >= everyMs;
  if (due) toldAtMs = performance.now();
  for (const checker of checkers) {
    for (const event of events) checker.feed(event);
    const result = checker.verdictSoFar();
    if (alarmed.has(checker.name) || (!due && result.verdict !== "invalid")) continue;
    if (result.verdict === "invalid") alarmed.add(checker.name);
    parentPort?.postMessage({ name: checker.name, result } satisfies SoFar);
  }
});

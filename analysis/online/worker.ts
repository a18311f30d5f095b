import { parentPort, workerData } from "node:worker_threads";
import type { HistoryEvent } from "../../history/event.ts";
import type { CheckerResult } from "../checker.ts";
import type { CheckerName } from "../checker-names.ts";
import { onlineCheckers } from "./registry.ts";

/** What a checker says so far; sent about once a second, and at once when it is invalid. */
export interface SoFar {
  readonly name: CheckerName;
  readonly result: CheckerResult;
}

const everyMs = 1000;
const checkers = (workerData as readonly CheckerName[]).flatMap((name) => {
  const checker = onlineCheckers[name]?.();
  return checker === undefined ? [] : [{ name, checker }];
});
const alarmed = new Set<CheckerName>();
let toldAtMs = performance.now();

parentPort?.on("message", (events: readonly HistoryEvent[]) => {
  const due = performance.now() - toldAtMs >= everyMs;
  if (due) toldAtMs = performance.now();
  for (const { name, checker } of checkers) {
    for (const event of events) checker.feed(event);
    const result = checker.verdictSoFar();
    if (alarmed.has(name) || (!due && result.verdict !== "invalid")) continue;
    if (result.verdict === "invalid") alarmed.add(name);
    parentPort?.postMessage({ name, result } satisfies SoFar);
  }
});

import { join } from "node:path";
import { analyzeInWorker } from "../analysis/run-in-worker.ts";
import { runFiles } from "../history/test-record.ts";
import type { Plan } from "./plan.ts";
import type { Tell } from "./progress.ts";

const everyMs = 3000;
/** A look along the way must not slow the run down; the whole history is judged when the run is over. */
const budget = { timeMs: 10_000, memoryMb: 512 } as const;

/**
 * Judges the history again and again while it grows, for whoever watches. Linearizability is prefix-closed: operations
 * still under way count as unknown, and what is invalid now stays so; then it stops looking.
 */
export function judgeAlong(plan: Plan, folder: string, tell: Tell): { stop(): void } {
  const file = join(folder, runFiles.history);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const { verdict, checkers, operations } = await analyzeInWorker(file, plan.workload.checkers, budget);
    const telling = Object.values(checkers).find((result) => result.verdict === verdict);
    if (!stopped && operations.ok > 0 && telling !== undefined)
      tell({ type: "so-far", verdict, summary: telling.summary });
    if (!stopped && verdict !== "invalid") again();
  };
  const again = (): void => {
    timer = setTimeout(() => void look(), everyMs).unref();
  };
  again();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

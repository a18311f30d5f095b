import { setTimeout as sleep } from "node:timers/promises";
import { formatDurationMs } from "../../controller/plan/duration.ts";
import { describeNode } from "./describe.ts";
import type { LocalCluster } from "./local-cluster.ts";

const everyMs = 500;

/** One line for each change of a node's role, term, leader or state, until the signal aborts. */
export async function tellChanges(
  cluster: LocalCluster,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  const startedMs = performance.now();
  const last = new Map<string, string>();
  while (!signal.aborted) {
    for (const view of await cluster.observe()) {
      const line = describeNode(view);
      if (last.get(view.id) === line) continue;
      last.set(view.id, line);
      print(`${formatDurationMs(performance.now() - startedMs).padStart(7)}  ${line}`);
    }
    await sleep(everyMs, undefined, { signal }).catch(interrupted);
  }
}

/** The wait ends early when the cluster is to stop. */
function interrupted(error: Error): void {
  if (error.name !== "AbortError") throw error;
}

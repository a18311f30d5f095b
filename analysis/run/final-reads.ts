import type { Cause } from "../checker.ts";
import { type OperationTable, outcomes } from "../operations/operation-table.ts";
import { findPhase, phasesOf } from "./phases.ts";

/** How the reads went that every client makes once all faults are healed. */
export interface FinalReads {
  readonly asked: number;
  readonly answered: number;
  /** Keys that were asked for and that no client got an answer for. */
  readonly unansweredKeys: readonly string[];
}

/** Null where a history does not tell of final reads, or its workload has none. */
export function finalReadsOf(table: OperationTable): FinalReads | null {
  const begun = findPhase(phasesOf(table.annotations), "final-reads");
  if (begun === undefined) return null;
  const answeredByKey = new Map<number, number>();
  let asked = 0;
  for (let row = 0; row < table.count; row++) {
    if (table.invokedAt[row]! < begun.event.index) continue;
    asked++;
    const key = table.key[row]!;
    const answered = table.outcome[row] === outcomes.ok ? 1 : 0;
    answeredByKey.set(key, (answeredByKey.get(key) ?? 0) + answered);
  }
  if (asked === 0) return null;
  const unansweredKeys = [...answeredByKey].filter(([, count]) => count === 0).map(([key]) => table.keys.text(key));
  const answered = [...answeredByKey.values()].reduce((sum, count) => sum + count, 0);
  return { asked, answered, unansweredKeys };
}

/** What was lost for good shows in the final reads alone: without any, the run has not looked for it. */
export function unreadAtTheEnd({ asked, answered }: FinalReads): Cause | null {
  if (answered > 0) return null;
  return {
    code: "final-reads-unanswered",
    reached: `none of ${asked} final reads was answered, so permanently lost writes would not show`,
    remedy: "read the nodes' logs: the cluster did not recover after all faults were healed",
  };
}

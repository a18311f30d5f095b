import type { Checker, HistorySource } from "../checker.ts";
import type { TransactionsResult } from "../results.ts";
import { judge } from "./judge.ts";
import { findListAnomalies } from "./list/list-anomalies.ts";
import { listEdges } from "./list/list-edges.ts";
import { ListHistory, listForm } from "./list/list-history.ts";
import { ListQuestions } from "./list/list-questions.ts";
import { listReason } from "./list/list-reasons.ts";
import type { ModelName } from "./model-table.ts";

export interface TransactionOptions {
  /** The consistency models that the verdict is about. */
  readonly consistency?: readonly ModelName[];
  /** What registers hold at first; null: nothing. Lists always begin empty. */
  readonly initial?: unknown;
}

export const defaultModels = ["strict-serializable"] as const satisfies readonly ModelName[];

/**
 * Whether transactions that read lists and append to them behave as a consistency model allows. A list shows all its
 * former versions, so that dependencies between transactions are known and not guessed (Kingsbury and Alvaro, "Elle").
 */
export function listAppend({ consistency = defaultModels }: TransactionOptions = {}): Checker<TransactionsResult> {
  return { name: "list-append", forms: [listForm], check: (history) => checkLists(history, consistency) };
}

function checkLists(source: HistorySource, models: readonly ModelName[]): TransactionsResult {
  const history = new ListHistory(source);
  return judge(
    {
      table: history.table,
      committed: history.committed,
      answeredReads: history.orders.answeredReads,
      edges: listEdges(history),
      reason: (from, to, type, name) => listReason(history, from, to, type, name),
      readValue: history.readValue,
      findAnomalies: (found) => findListAnomalies(history, found),
      openQuestions: (groups) => new ListQuestions(history, groups),
    },
    models,
  );
}

import type { Checker } from "../checker.ts";
import { formOf } from "../reading/read.ts";
import type { TransactionsResult } from "../results.ts";
import { judge } from "./judge.ts";
import { defaultModels, type TransactionOptions } from "./list-append.ts";
import type { ModelName } from "./model-table.ts";
import { widestExtent } from "./models.ts";
import { findRegisterAnomalies } from "./register/register-anomalies.ts";
import { registerEdges } from "./register/register-edges.ts";
import { RegisterHistory, type RegisterReads, registerForm } from "./register/register-history.ts";
import { RegisterQuestions } from "./register/register-questions.ts";
import { registerReason } from "./register/register-reasons.ts";
import { Updates } from "./register/updates.ts";
import { VersionTimes } from "./register/version-times.ts";

/**
 * Whether transactions that read and write registers, each value once, behave as consistency models allow. A register
 * does not show what it held before: where dependencies that are certain leave it open, orders of versions are tried.
 */
export function rwRegister({
  consistency = defaultModels,
  initial = null,
}: TransactionOptions = {}): Checker<TransactionsResult> {
  const form = registerForm(initial);
  return {
    name: "rw-register",
    forms: [form],
    check: (history) => checkRegisters(formOf(history, form), consistency),
  };
}

function checkRegisters(reads: RegisterReads, models: readonly ModelName[]): TransactionsResult {
  const history = new RegisterHistory(reads);
  const updates = new Updates(history);
  const times = widestExtent(models) === "realtime" ? new VersionTimes(history) : null;
  return judge(
    {
      table: history.table,
      committed: history.committed,
      answeredReads: history.answeredReads,
      edges: registerEdges(history, updates, times),
      reason: (from, to, type, name) => registerReason(history, times, [from, to, type], name),
      readValue: history.readValue,
      findAnomalies: (found) => findRegisterAnomalies(history, updates, found),
      openQuestions: () => new RegisterQuestions(history, updates, registerEdges(history, updates, null)),
    },
    models,
  );
}

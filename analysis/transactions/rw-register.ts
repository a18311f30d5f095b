import type { Checker, HistorySource } from "../checker.ts";
import type { TransactionsResult } from "../results.ts";
import { judge } from "./judge.ts";
import type { TransactionOptions } from "./list-append.ts";
import { extentOf, type ModelName } from "./models.ts";
import { findRegisterAnomalies } from "./register/register-anomalies.ts";
import { registerEdges } from "./register/register-edges.ts";
import { RegisterHistory } from "./register/register-history.ts";
import { registerReason } from "./register/register-reasons.ts";
import { Updates } from "./register/updates.ts";
import { VersionTimes } from "./register/version-times.ts";

/**
 * Whether transactions that read and write registers, each value once, behave as a consistency model allows. A register
 * does not show what it held before, so that less is known than from lists: to find nothing proves little.
 */
export function rwRegister({
  consistency = "strict-serializable",
}: TransactionOptions = {}): Checker<TransactionsResult> {
  return { name: "rw-register", check: (history) => checkRegisters(history, consistency) };
}

function checkRegisters(source: HistorySource, model: ModelName): TransactionsResult {
  const history = new RegisterHistory(source);
  const updates = new Updates(history);
  const times = extentOf(model) === "realtime" ? new VersionTimes(history) : null;
  return judge(
    {
      table: history.table,
      committed: history.committed,
      answeredReads: history.answeredReads,
      edges: registerEdges(history, updates, times),
      reason: (from, to, type, name) => registerReason(history, times, [from, to, type], name),
      readValue: history.readValue,
      findAnomalies: (found) => findRegisterAnomalies(history, updates, found),
    },
    model,
  );
}

import type { ErrorCode } from "../../history/event.ts";
import { type OperationTable, outcomes } from "./operation-table.ts";

/** Refusals that only a node that read the data could give. */
const answeringErrors: readonly ErrorCode[] = ["cas-mismatch", "wrong-type", "insufficient-funds"];

/** Whether the store answered an operation: it succeeded, or was refused because of the data. */
export function answeredTest(table: OperationTable): (row: number) => boolean {
  const refusals = new Set(answeringErrors.map((error) => table.words.internText(error)));
  return (row) =>
    table.outcome[row] === outcomes.ok || (table.outcome[row] === outcomes.fail && refusals.has(table.error[row]!));
}

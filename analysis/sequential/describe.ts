import type { OperationTable } from "../operations/operation-table.ts";
import type { OperationView, Violation } from "../results.ts";
import { show } from "../words.ts";
import type { Cycle } from "./cycle.ts";
import type { SequentialHistory, Stray } from "./history.ts";
import type { Reason } from "./orders.ts";

type Name = (op: number) => string;

/** Operations that must each come before the next, told as a violation. */
export function describeCycle(history: SequentialHistory, table: OperationTable, cycle: Cycle): Violation {
  const view = (op: number): OperationView => table.view(history.row[op]!);
  const name: Name = (op) => did(view(op));
  const ops = [...new Set(cycle.proof.flatMap(({ before, after }) => [before, after]))].sort((a, b) => a - b);
  const orders = cycle.proof.map(({ before, after, reason }) => ({
    ...{ before: view(before).index, after: view(after).index },
    why: why(reason, name),
  }));
  const told = cycle.steps.map(
    ({ before, after, reason }) => `${name(before)} before ${name(after)} (${why(reason, name)})`,
  );
  return {
    ...{ kind: "sequential-cycle", key: view(ops[0]!).key ?? "" },
    sentence: `no order of the processes' operations explains all answers: ${told.join(", ")}`,
    ...{ operations: ops.map(view), orders },
  };
}

/** A value seen that nobody wrote. */
export function describeStray(table: OperationTable, { row, failed }: Stray): Violation {
  const view = table.view(row);
  const value = show(Array.isArray(view.value) ? view.value[0] : view.value);
  const writer = failed === null ? null : table.view(failed);
  const error = writer?.error === undefined ? "" : ` (${writer.error})`;
  return {
    ...{ kind: writer === null ? "phantom-read" : "aborted-read", key: view.key ?? "" },
    sentence:
      writer === null
        ? `${did(view)}, but nobody wrote ${value}`
        : `${did(view)}, but the ${writer.f} of it by process ${writer.process} had certainly failed${error}`,
    operations: [view, ...(writer === null ? [] : [writer])].sort((a, b) => a.index - b.index),
    orders: [],
  };
}

function why(reason: Reason, name: Name): string {
  if (reason.type === "process") return "the process did them in this order";
  if (reason.type === "saw") return "it wrote the value that the other saw";
  if (reason.type === "initial") return "it saw that there was no value yet";
  if (reason.type === "overwritten") return `${name(reason.via)} later, so this was overwritten`;
  return `it saw what ${name(reason.via)}, which the other overwrote`;
}

/** "process 3 read 41 of "x"". */
function did({ process, f, key = "", value, outcome }: OperationView): string {
  const unsure = outcome === "info" ? " (outcome unknown)" : "";
  const of = key === "" ? "" : JSON.stringify(key);
  if (f === "write") return `process ${process} wrote ${show(value)}${of === "" ? "" : ` to ${of}`}${unsure}`;
  const from = of === "" ? "" : ` of ${of}`;
  if (f !== "cas") return `process ${process} read ${show(value)}${from}`;
  const [old, next] = value as [unknown, unknown];
  const refused = outcome === "fail" ? "was refused to change" : "changed";
  return `process ${process} ${refused} ${show(old)} to ${show(next)}${from}${unsure}`;
}

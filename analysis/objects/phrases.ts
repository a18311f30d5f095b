import { formatJson } from "../../history/exact-json.ts";
import type { Clock } from "../register/orders.ts";
import type { ObjectOperation } from "./operations.ts";

/** A value in a sentence: JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = formatJson(value ?? null);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** "n2 answered 41 to process 3 at 12.31 s", or "process 3 read 41 at 12.31 s" where no node is named. */
export function answered(op: ObjectOperation, seconds: Clock, what = show(op.answer)): string {
  const when = seconds(op.completedAtNs);
  if (op.node === undefined) return `process ${op.process} read ${what} at ${when}`;
  return `${op.node} answered ${what} to process ${op.process} at ${when}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

import type { Cause } from "../checker.ts";
import { none, type OperationTable } from "../operations/operation-table.ts";

/** From this share of operations on that Keelhaul's own client broke, what the others saw says too little. */
export const mostBrokenShare = 0.01;

/**
 * What Keelhaul's own clients did wrong, if it is enough to spoil a verdict. A violation that is proved stays one: an
 * operation that a client broke is of unknown outcome. But "valid" would say too much.
 */
export function brokenClients(table: OperationTable): Cause | null {
  let broken = 0;
  let example = "";
  for (const error of table.error.subarray(0, table.count)) {
    const text = error === none ? "" : table.words.text(error);
    if (text !== "client-stuck" && !text.startsWith("client-error: ")) continue;
    broken++;
    example ||= text;
  }
  if (broken <= table.count * mostBrokenShare) return null;
  return {
    code: "client-broken",
    reached: `${broken} of ${table.count} operations ended in an error of the client itself (${example})`,
    remedy: "repair the system's client, which has to answer every operation, or the workload's `perform`",
  };
}

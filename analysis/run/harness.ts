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
  const codes = new Set<string>();
  for (const error of table.error.subarray(0, table.count)) {
    const code = error === none ? null : table.words.text(error);
    if (code !== "client-stuck" && code !== "client-error") continue;
    broken++;
    codes.add(code);
  }
  if (broken <= table.count * mostBrokenShare) return null;
  return {
    code: "client-broken",
    reached: `${broken} of ${table.count} operations ended in an error of the client itself (${[...codes].join(", ")})`,
    remedy:
      "repair the system's client, which must answer every operation, or the workload's `perform`; the warnings name each case",
  };
}

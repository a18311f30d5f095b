import type { StallRecord } from "../history/annotations.ts";
import type { CheckerResult } from "./checker.ts";
import { none, type OperationTable } from "./operations/operation-table.ts";

export type HarnessFault = NonNullable<CheckerResult["cause"]>;

/** From this share of operations on that Keelhaul's own client broke, what the others saw says too little. */
const mostBrokenShare = 0.01;

/**
 * What went wrong in Keelhaul itself and not in the system, if it is enough to spoil a verdict. A violation that is
 * proved stays one: an operation that a client broke is of unknown outcome, and a controller that stood still stamps
 * answers late, which only makes intervals longer. But "valid" would say too much, and times say nothing.
 */
export function harnessFault(table: OperationTable): HarnessFault | null {
  return controllerStall(table) ?? brokenClients(table);
}

/** The controller stood still for longer than its clients wait, so that they gave up on answers that were there. */
export function controllerStall(table: OperationTable): HarnessFault | null {
  const stalls = table.annotations.filter(({ process, f }) => process === "controller" && f === "stall");
  if (stalls.length === 0) return null;
  const longest = Math.max(...stalls.map(({ value }) => (value as StallRecord).stalledMs));
  const times = stalls.length === 1 ? "once" : `${stalls.length} times`;
  return {
    code: "controller-starved",
    reached: `the controller stood still ${times} for longer than clients wait, at most for ${Math.round(longest)} ms`,
    remedy: "give it a processor of its own, or ask for a lower --rate or --concurrency",
  };
}

function brokenClients(table: OperationTable): HarnessFault | null {
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
    remedy: "mend the system's client, which has to answer every operation, or the workload's `perform`",
  };
}

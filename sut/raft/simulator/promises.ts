import { livenessTimeouts } from "../../simulatable.ts";
import type { Knobs } from "../node/knobs.ts";
import type { SimulationSettings } from "./settings.ts";

/** Where a whole majority fails more often than this to be answered in time, nothing is asked of it. */
const mayFail = 1e-6;

/**
 * Whether a majority owes progress within `livenessTimeouts`. Not without the no-op: old entries may wait for a client
 * (§3.6.2). Nor where too many messages are later than the shortest election timeout (§3.9): an attempt needs votes, the
 * no-op and a client's entry, with an answer from everybody in the smallest majority. One message too late and it fails,
 * which costs an election timeout and, since those behind it are held up, its own delay.
 */
export function owesProgress(
  knobs: Pick<Knobs, "noop" | "preVote" | "electionTimeoutMs">,
  network: SimulationSettings["network"],
  nodes: number,
): boolean {
  if (!knobs.noop) return false;
  const { electionTimeoutMs } = knobs;
  const { slow, slowMs, delayMs, lose } = network;
  const late = slow * shareFrom(slowMs, electionTimeoutMs) + (1 - slow) * shareFrom(delayMs, electionTimeoutMs);
  const others = Math.floor(nodes / 2);
  const messages = 2 * (knobs.preVote ? 4 : 3) * others;
  const fails = 1 - ((1 - late) * (1 - lose)) ** messages;
  const latestMs = Math.max(delayMs[1], slow > 0 ? slowMs[1] : 0);
  const longestTimeoutMs = 2 * electionTimeoutMs;
  const attempts = livenessTimeouts / (1 + (late > 0 ? latestMs / longestTimeoutMs : 0));
  return fails ** attempts <= mayFail;
}

/** The share of delays in a range that are as long as this, or longer. */
function shareFrom([least, most]: readonly [number, number], fromMs: number): number {
  if (least >= fromMs) return 1;
  return most < fromMs ? 0 : (most - fromMs) / (most - least);
}

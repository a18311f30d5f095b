import type { HistoryEvent } from "../../history/event.ts";
import type { Cause } from "../checker.ts";
import type { OperationTable } from "../operations/operation-table.ts";
import { duration, moment } from "../words.ts";
import { fieldOf, findPhase, phasesOf } from "./phases.ts";

/** A time in which the controller itself stood still, so that its clients could not hear answers that were there. */
export interface Stall {
  readonly fromNs: number;
  readonly toNs: number;
}

/** From this share of the load's time on, stalls leave too little of a run to be valid. */
export const mostStalledShare = 0.1;

/**
 * How long after a stall times are still not the store's: what froze the controller has mostly frozen nodes as well, and
 * they elect a leader anew. The default time in which a lost leader is noticed, twice.
 */
const settleNs = 2e9;

export function stallsOf(annotations: readonly HistoryEvent[]): readonly Stall[] {
  return annotations.flatMap((event) => {
    if (event.process !== "controller" || event.f !== "stall") return [];
    const stalledMs = fieldOf(event, "stalledMs");
    return typeof stalledMs === "number" ? [{ fromNs: event.time - stalledMs * 1e6, toNs: event.time }] : [];
  });
}

/** Whether times between these two say something about the store: no stall, nor what follows one, is part of them. */
export function isUnstalled(stalls: readonly Stall[], fromNs: number, toNs: number): boolean {
  return !stalls.some((stall) => fromNs < stall.toNs + settleNs && stall.fromNs < toNs);
}

/**
 * A stall makes answers late and turns some into timeouts, which only makes intervals longer and outcomes less known: what
 * was proved or refuted stays so. But where the controller stood still for much of the run, hardly anything was tested.
 */
export function starvation(table: OperationTable): Cause | null {
  const stalls = stallsOf(table.annotations);
  if (stalls.length === 0) return null;
  const stalledNs = stalls.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  const loadNs = loadTimeNs(table);
  if (stalledNs < mostStalledShare * loadNs) return null;
  const times = stalls.length === 1 ? "once" : `${stalls.length} times`;
  return {
    code: "controller-starved",
    reached: `the controller stalled ${times} for longer than clients wait, ${told(stalledNs)} of ${told(loadNs)} in all`,
    remedy: "give the controller a processor of its own, or choose a lower --rate or --concurrency",
  };
}

const shownStalls = 3;

/** A sentence for each of the first stalls, and one for the others. */
export function stallWarnings(annotations: readonly HistoryEvent[]): string[] {
  const stalls = stallsOf(annotations);
  const others = stalls.slice(shownStalls);
  const othersNs = others.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  return [
    ...stalls
      .slice(0, shownStalls)
      .map(
        ({ fromNs, toNs }) =>
          `controller stalled ${told(toNs - fromNs)} at ${moment(fromNs)} (excluded from availability)`,
      ),
    ...(others.length === 0
      ? []
      : [`controller stalled ${others.length} more times, ${told(othersNs)} in all (excluded)`]),
  ];
}

/** From the beginning of the load to the end of what clients did. */
function loadTimeNs(table: OperationTable): number {
  const phases = phasesOf(table.annotations);
  const from = findPhase(phases, "load")?.event.time ?? table.invokedAtNs[0] ?? 0;
  const to = (findPhase(phases, "final-reads") ?? findPhase(phases, "stop"))?.event.time ?? table.lastTime;
  return Math.max(0, to - from);
}

function told(durationNs: number): string {
  return duration(durationNs / 1e6);
}

import type { HistoryEvent } from "../../history/event.ts";
import type { Cause } from "../checker.ts";
import { duration } from "../words.ts";
import { fieldOf, findPhase, type PhaseEvent, phasesOf, plannedLoad } from "./phases.ts";

/**
 * Why a run did not do all that it was planned to, by its own history; null for one that did, and for a history from
 * elsewhere. What is missing could have shown a violation, so such a run is never valid.
 */
export function incompleteness(annotations: readonly HistoryEvent[], lastTimeNs: number): Cause | null {
  const phases = phasesOf(annotations);
  if (phases.length === 0) return null;
  return (
    interruption(annotations, phases) ??
    firstViolation(annotations, phases) ??
    failure(annotations, phases) ??
    cutShort(annotations, phases, lastTimeNs)
  );
}

const again = "run the test again, and let it finish";

/** An interruption that finds everything read and healed takes nothing away. */
function interruption(annotations: readonly HistoryEvent[], phases: readonly PhaseEvent[]): Cause | null {
  const interrupted = findPhase(phases, "interrupted");
  if (interrupted === undefined) return null;
  const stop = findPhase(phases, "stop");
  if (stop !== undefined && stop.event.index < interrupted.event.index) return null;
  const by = fieldOf(interrupted.event, "by");
  const name = typeof by === "string" ? ` by ${by}` : "";
  const reached = `interrupted${name} ${place(annotations, phases, interrupted.event.time)}`;
  return { code: "interrupted", reached, remedy: again };
}

/** What was taken for a violation need not be confirmed. */
function firstViolation(annotations: readonly HistoryEvent[], phases: readonly PhaseEvent[]): Cause | null {
  const violated = findPhase(phases, "violated");
  if (violated === undefined) return null;
  const reached = `stopped at the first violation, ${place(annotations, phases, violated.event.time)}`;
  return {
    code: "stopped-early",
    reached,
    remedy: "judge the history again with keelhaul analyze, or run the test again without --fail-fast",
  };
}

function failure(annotations: readonly HistoryEvent[], phases: readonly PhaseEvent[]): Cause | null {
  const failed = findPhase(phases, "failed");
  if (failed === undefined) return null;
  const reason = String(fieldOf(failed.event, "reason") ?? "see the warnings");
  const reached = `the run failed ${place(annotations, phases, failed.event.time)}: ${reason}`;
  return { code: "stage-failed", reached, remedy: "repair what the message names, and run the test again" };
}

function cutShort(
  annotations: readonly HistoryEvent[],
  phases: readonly PhaseEvent[],
  lastTimeNs: number,
): Cause | null {
  const end = findPhase(phases, "end");
  if (end === undefined) {
    const where = place(annotations, phases, lastTimeNs);
    const reached = `the history ends ${where}, and the run did not: its controller was killed, or is still running`;
    return { code: "unfinished", reached, remedy: again };
  }
  if (findPhase(phases, "final-reads") !== undefined) return null;
  const stop = findPhase(phases, "stop") ?? end;
  return {
    code: "unfinished",
    reached: `the run stopped ${place(annotations, phases, stop.event.time)}`,
    remedy: again,
  };
}

/** Where in the plan of the run a time lies. */
function place(annotations: readonly HistoryEvent[], phases: readonly PhaseEvent[], timeNs: number): string {
  const load = findPhase(phases, "load");
  if (load === undefined || load.event.time > timeNs) return "before its load began";
  const afterMs = (timeNs - load.event.time) / 1e6;
  const limitMs = plannedLoad(annotations)?.timeLimitMs ?? null;
  if (limitMs === null) return `${duration(afterMs)} after its load began`;
  if (afterMs < limitMs) return `after ${duration(afterMs)} of ${duration(limitMs)}`;
  return `after its load of ${duration(limitMs)}, before its final reads were done`;
}

import { analyze } from "../../analysis/analyze.ts";
import { checkerFor } from "../../analysis/registry.ts";
import type { Results } from "../../analysis/results.ts";
import type { ViolationRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { nowMs } from "../../time/clock.ts";
import type { Plan } from "../plan/plan.ts";
import { listSchedule, type ScheduleEntry } from "../plan/schedule/entry.ts";
import { carryOut } from "./carry-out.ts";
import { judgeLater } from "./judge-along.ts";
import { openRecording } from "./recording.ts";
import { simulatedWorld } from "./world.ts";

/** A run that was over before it could leave anything behind. */
export interface SimulatedRun {
  readonly events: readonly HistoryEvent[];
  /** What was seen inside of the store and must never be. */
  readonly violation: ViolationRecord | null;
  /** What was done to the cluster, and whom it hit. */
  readonly faults: readonly ScheduleEntry[];
  /** How long it took by its own clock. */
  readonly virtualMs: number;
}

/** Carries out a plan for the sim backend in memory alone: for the many runs of a campaign, and for shrinking. */
export async function simulateRun(
  plan: Plan,
  signal: AbortSignal = new AbortController().signal,
): Promise<SimulatedRun> {
  const world = simulatedWorld(plan);
  const events: HistoryEvent[] = [];
  const sink = {
    write: (event: HistoryEvent) => void events.push(event),
    flush: () => {},
    lost: new AbortController().signal,
  };
  const tell = () => {};
  const recording = openRecording(world.clock, sink, tell, tell);
  const { entries, add } = listSchedule();
  await carryOut({ plan, world, recording, folder: null, along: judgeLater, signal, tell, chosen: add });
  const violation = world.invariants()?.violation ?? null;
  return { events, violation, faults: entries, virtualMs: nowMs(world.clock) };
}

/** Judges it as a run of a folder is judged, but in this thread and without a budget. */
export function judgeSimulated(
  { checkers, budgets, consistency, workload: { reads } }: Plan,
  { events }: SimulatedRun,
): Results {
  const terms = {
    budgets,
    ...(consistency === undefined ? {} : { consistency }),
    ...(reads === undefined ? {} : { reads }),
  };
  return analyze(
    events,
    checkers.map((name) => checkerFor(name, terms)),
  );
}

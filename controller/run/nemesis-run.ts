import type { ScheduledFault } from "../../nemesis/schedule.ts";
import type { RandomStream } from "../../random/stream.ts";
import { type Clock, nsPerMs, sleepMs, sleepUntilNs } from "../../time/clock.ts";
import type { Nemesis } from "./nemesis.ts";

/** How often a healing that could not be shown to be complete is tried before the run goes on without it. */
const healAttempts = 3;

/** How a schedule is carried out. */
export interface ScheduleRun {
  readonly clock: Clock;
  /** Chooses whom what is due hits. */
  readonly random: RandomStream;
  /** What could not be over by then is left out: the load has to have time to recover. */
  readonly healedByNs: number;
  readonly signal: AbortSignal;
}

/**
 * Carries out a schedule from now on. An injection that takes long (finding the leader, proving a cut) delays what follows, so
 * that faults keep their length and recovery windows theirs. When the signal aborts, what is broken is healed, then it
 * ends.
 */
export async function runFaults(
  nemesis: Nemesis,
  schedule: readonly ScheduledFault[],
  run: ScheduleRun,
): Promise<void> {
  let fromNs = run.clock.nowNs();
  for (const overlapping of overlaps(schedule)) {
    const kinds = [...Map.groupBy(overlapping, ({ fault }) => fault.name).values()];
    const lateNs = await Promise.all(kinds.map((inTurn) => injectInTurn(nemesis, inTurn, run, fromNs)));
    if (run.signal.aborted) return;
    fromNs += Math.max(...lateNs);
  }
}

/** Faults in groups: those of one overlap in time. */
function overlaps(schedule: readonly ScheduledFault[]): ScheduledFault[][] {
  const groups: ScheduledFault[][] = [];
  let endMs = 0;
  for (const due of schedule) {
    const group = due.atMs < endMs ? groups.at(-1) : undefined;
    if (group === undefined) groups.push([due]);
    else group.push(due);
    endMs = Math.max(endMs, due.atMs + due.durationMs);
  }
  return groups;
}

/** Carries out faults of one kind, one after the other; how late the last one was over. */
async function injectInTurn(
  nemesis: Nemesis,
  inTurn: readonly ScheduledFault[],
  { clock, signal, healedByNs, random }: ScheduleRun,
  fromNs: number,
): Promise<number> {
  let lateNs = 0;
  for (const due of inTurn) {
    const atNs = fromNs + due.atMs * nsPerMs + lateNs;
    const durationNs = due.durationMs * nsPerMs;
    if (atNs + durationNs > healedByNs) break;
    await sleepUntilNs(clock, atNs, signal);
    if (signal.aborted) break;
    await nemesis.inject(due, await nemesis.choose(due, random));
    await sleepMs(clock, due.durationMs, signal);
    await nemesis.heal(due.id, healAttempts);
    lateNs += Math.max(0, clock.nowNs() - (atNs + durationNs));
  }
  return lateNs;
}

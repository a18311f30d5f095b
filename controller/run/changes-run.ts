import type { ScheduledChange } from "../../nemesis/schedule.ts";
import { nsPerMs, sleepUntilNs } from "../../time/clock.ts";
import type { Nemesis } from "./nemesis.ts";
import type { ScheduleRun } from "./nemesis-run.ts";

/**
 * Makes the changes of a schedule from now on, one after another, beside the faults. One that takes long delays the next, which
 * is then made at once: how many there are in a run is what a schedule promises.
 */
export async function runChanges(
  nemesis: Nemesis,
  schedule: readonly ScheduledChange[],
  { clock, signal, healedByNs, random }: ScheduleRun,
): Promise<void> {
  const startNs = clock.nowNs();
  for (const due of schedule) {
    await sleepUntilNs(clock, startNs + due.atMs * nsPerMs, signal);
    if (signal.aborted || clock.nowNs() > healedByNs) return;
    await nemesis.change(due, random);
  }
}

import type { FaultRecord } from "../../history/annotations.ts";
import { makeChange } from "../../nemesis/run-fault.ts";
import type { ScheduledChange } from "../../nemesis/schedule.ts";
import { nsPerMs, sleepUntilNs } from "../../time/clock.ts";
import { chooseNow, type NemesisRun } from "./nemesis-run.ts";

/** What is needed to make changes to a cluster during a run, beside the faults. */
export interface ChangesRun
  extends Pick<NemesisRun, "healedByNs" | "site" | "clock" | "random" | "look" | "chosen" | "signal"> {
  readonly schedule: readonly ScheduledChange[];
  readonly record: (change: ScheduledChange, record: FaultRecord) => void;
}

/**
 * Makes the changes of a schedule from now on, one after another. One that takes long delays the next, which is then made
 * at once: how many there are in a run is what a schedule promises.
 */
export async function runChanges(run: ChangesRun): Promise<void> {
  const { clock, signal } = run;
  const startNs = clock.nowNs();
  for (const due of run.schedule) {
    await sleepUntilNs(clock, startNs + due.atMs * nsPerMs, signal);
    if (signal.aborted || clock.nowNs() > run.healedByNs) return;
    const startedNs = clock.nowNs();
    const choice = await chooseNow(due, run);
    run.record(due, await makeChange(due, choice, run.site, startedNs));
  }
}

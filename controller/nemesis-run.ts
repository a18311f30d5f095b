import type { FaultRecord } from "../history/annotations.ts";
import type { Choice, ClusterView, FaultSite } from "../nemesis/fault.ts";
import { healFault, injectFault } from "../nemesis/run-fault.ts";
import type { ScheduledFault } from "../nemesis/schedule.ts";
import type { RandomStream } from "../random/stream.ts";
import type { RunClock } from "./clock.ts";
import { nsPerMs } from "./clock.ts";

/** How often a healing that could not be shown to be complete is tried before the run goes on without it. */
const healAttempts = 3;
const healPauseMs = 500;

/** What the nemesis works with during a run. */
export interface NemesisRun {
  readonly schedule: readonly ScheduledFault[];
  readonly site: FaultSite;
  readonly clock: RunClock;
  readonly random: RandomStream;
  readonly look: () => Promise<ClusterView>;
  readonly record: (fault: ScheduledFault, record: FaultRecord) => void;
  /** Hears what is being done, for the message should it get stuck. */
  readonly doing: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Carries out a schedule from now on. When the signal aborts, what is broken at the time is healed, then it ends. */
export async function runNemesis(run: NemesisRun): Promise<void> {
  const startNs = run.clock.nowNs();
  for (const due of run.schedule) {
    await run.clock.sleepUntilNs(startNs + due.atMs * nsPerMs, run.signal);
    if (run.signal.aborted) return;
    const choice = due.variant.choose(await run.look(), run.random);
    run.doing(`injecting ${describe(due, choice)}`);
    run.record(due, await injectFault(due, choice, run.site, run.clock.nowNs()));
    await run.clock.sleepUntilNs(startNs + (due.atMs + due.durationMs) * nsPerMs, run.signal);
    await heal(run, due, choice);
  }
}

async function heal(run: NemesisRun, due: ScheduledFault, choice: Choice): Promise<void> {
  for (let attempt = 1; attempt <= healAttempts; attempt++) {
    run.doing(`healing ${describe(due, choice)}`);
    const record = await healFault(due, choice, run.site, run.clock.nowNs());
    run.record(due, record);
    if (record.effective) return;
    await run.clock.sleepUntilNs(run.clock.nowNs() + healPauseMs * nsPerMs);
  }
}

function describe({ fault, variant }: ScheduledFault, { nodes }: Choice): string {
  return `${fault.name}:${variant.name} on ${nodes.join(", ")}`;
}

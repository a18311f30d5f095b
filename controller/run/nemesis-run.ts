import type { FaultRecord } from "../../history/annotations.ts";
import type { Injection } from "../../hosts/injection.ts";
import type { Choice, ClusterView, FaultSite } from "../../nemesis/fault.ts";
import { healFault, injectFault } from "../../nemesis/run-fault.ts";
import type { ScheduledChange, ScheduledFault } from "../../nemesis/schedule.ts";
import type { RandomStream } from "../../random/stream.ts";
import { type Clock, nsPerMs, sleepMs, sleepUntilNs } from "../../time/clock.ts";

/** How often a healing that could not be shown to be complete is tried before the run goes on without it. */
const healAttempts = 3;
const healPauseMs = 500;

/** What the nemesis works with during a run. */
export interface NemesisRun {
  readonly schedule: readonly ScheduledFault[];
  /** A fault that could not be over by then is left out: the load has to have time to recover. */
  readonly healedByNs: number;
  readonly site: FaultSite;
  readonly clock: Clock;
  readonly random: RandomStream;
  readonly look: () => Promise<ClusterView>;
  readonly record: (fault: ScheduledFault, record: FaultRecord) => void;
  /** Hears whom each fault and change hits. */
  readonly chosen: (due: ScheduledFault | ScheduledChange, choice: Choice) => void;
  /** Hears what is being done, for the message should it get stuck. */
  readonly doing: (what: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Carries out a schedule from now on. A deed that takes long (finding the leader, proving a cut) delays what follows, so
 * that faults keep their length and recovery windows theirs. When the signal aborts, what is broken is healed, then it
 * ends.
 */
export async function runNemesis(run: NemesisRun): Promise<void> {
  const { clock, signal } = run;
  let fromNs = clock.nowNs();
  for (const overlapping of overlaps(run.schedule)) {
    const kinds = [...Map.groupBy(overlapping, ({ fault }) => fault.name).values()];
    const lateNs = await Promise.all(kinds.map((inTurn) => carryOutInTurn(inTurn, run, fromNs)));
    if (signal.aborted) return;
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
async function carryOutInTurn(inTurn: readonly ScheduledFault[], run: NemesisRun, fromNs: number): Promise<number> {
  const { clock, signal } = run;
  let lateNs = 0;
  for (const due of inTurn) {
    const atNs = fromNs + due.atMs * nsPerMs + lateNs;
    const durationNs = due.durationMs * nsPerMs;
    if (atNs + durationNs > run.healedByNs) break;
    await sleepUntilNs(clock, atNs, signal);
    if (signal.aborted) break;
    const choice = await chooseNow(due, run);
    run.doing(`injecting ${describe(due, choice)}`);
    const { record, injected } = await injectFault(due, choice, run.site, clock.nowNs());
    run.record(due, record);
    await sleepMs(clock, due.durationMs, signal);
    await heal(run, due, choice, injected);
    lateNs += Math.max(0, clock.nowNs() - (atNs + durationNs));
  }
  return lateNs;
}

/** Looks at the cluster also when the choice was made beforehand: it then happens after the same time, to the nanosecond. */
export async function chooseNow(
  due: ScheduledFault | ScheduledChange,
  { look, random, chosen }: Pick<NemesisRun, "look" | "random" | "chosen">,
): Promise<Choice> {
  const view = await look();
  const choice = due.choice ?? due.variant.choose(view, random);
  chosen(due, choice);
  return choice;
}

async function heal(run: NemesisRun, due: ScheduledFault, choice: Choice, injected: Injection): Promise<void> {
  for (let attempt = 1; attempt <= healAttempts; attempt++) {
    run.doing(`healing ${describe(due, choice)}`);
    const record = await healFault(due, choice, injected, run.clock.nowNs());
    run.record(due, record);
    if (record.effective) return;
    await sleepMs(run.clock, healPauseMs);
  }
}

function describe({ fault, variant }: ScheduledFault, { nodes }: Choice): string {
  return `${fault.name}:${variant.name} on ${nodes.join(", ")}`;
}

import { randomStream } from "../../../random/stream.ts";
import { livenessTimeouts } from "../../../sut/simulatable.ts";
import { nsPerMs, sleepMs, sleepUntilNs } from "../../../time/clock.ts";
import type { Nemesis } from "../nemesis.ts";
import type { Run } from "../run-context.ts";
import type { Doing } from "../stage.ts";
import type { Inside } from "../world.ts";
import { settleLeader } from "./deaf-leader.ts";
import { drawSeparation } from "./outsiders.ts";
import type { ProgressWatch } from "./progress.ts";

/** The longest that it may take to find out, in milliseconds. */
export function livenessLimitMs(electionTimeoutMs: number): number {
  return 3 * livenessTimeouts * electionTimeoutMs;
}

interface Afterwards {
  readonly nemesis: Nemesis;
  readonly doing: Doing;
  readonly signal: AbortSignal;
  readonly electionTimeoutMs: number;
  /** When it begins: the plan's faults are over by then. */
  readonly untilNs: number;
  readonly progress: ProgressWatch;
  /** Aborted when the load has shown what it was to show. */
  readonly enough: AbortController;
}

/**
 * Safety first, then liveness: a majority drawn from the seed is whole and connected from now on, and every other node is
 * broken for good. Clients must be answered, writes among them, and the majority must converge; otherwise I23 is violated.
 * Afterwards it heals everything, for the final reads.
 */
export async function mustGoOn(run: Run, inside: Inside, afterwards: Afterwards): Promise<void> {
  const { world, plan, recording } = run;
  const { nemesis, signal, enough, untilNs, doing } = afterwards;
  await sleepUntilNs(world.clock, untilNs, signal);
  try {
    if (signal.aborted) return;
    recording.phase({ phase: "liveness" });
    const settled = await settleLeader(plan, inside, nemesis, (look) => lacking(run, afterwards, look));
    const terms = { bearsDeaf: inside.bearsDeafNodes, settled };
    const { core, faults } = drawSeparation(plan.nodes, inside.voters(), terms, randomStream(plan.seed, "liveness"));
    for (const { fault, choice } of faults) await nemesis.breakForGood(fault, choice, plan.timeLimitMs);
    doing(`leaving ${core.join(", ")} to themselves`);
    await judge(run, inside, core, afterwards);
    doing("healing what was broken for good");
    await nemesis.healAll();
  } finally {
    enough.abort();
  }
}

async function judge(run: Run, inside: Inside, core: readonly string[], afterwards: Afterwards): Promise<void> {
  const { progress, enough } = afterwards;
  const since = progress.sinceNow();
  const unanswered = await lacking(run, afterwards, () => since.missing());
  const reasons = [inside.standing(), since.lastRefusal()].filter((reason) => reason !== null);
  enough.abort();
  const unserved = unanswered?.isConclusive === true ? unanswered.what : null;
  const missing = unserved ?? (await lacking(run, afterwards, () => inside.notConverged(core)));
  if (missing === null) return;
  const late = `${missing}, ${livenessTimeouts} election timeouts after the others were broken for good`;
  const detail = [late, ...(unserved === null ? [] : reasons)].join("; ");
  inside.broken({ invariant: "I23", name: "Liveness", nodes: core, detail, lastSteps: [] });
}

/** What is still missing when the time is up; null as soon as nothing is. */
async function lacking<Lack>(
  { world: { clock } }: Run,
  { electionTimeoutMs, signal }: Afterwards,
  look: () => Lack | null,
): Promise<Lack | null> {
  const untilNs = clock.nowNs() + livenessTimeouts * electionTimeoutMs * nsPerMs;
  for (;;) {
    const missing = look();
    if (missing === null || signal.aborted) return null;
    if (clock.nowNs() >= untilNs) return missing;
    await sleepMs(clock, electionTimeoutMs / 10, signal);
  }
}

import { nsPerMs } from "../../time/clock.ts";
import { each } from "../../workloads/generators/each.ts";
import type { Recorder } from "./recorder.ts";
import type { Run } from "./run-context.ts";
import { runLoad, type Worker } from "./scheduler.ts";
import { stage } from "./stage.ts";

/** How long clients send what a phase consists of. A stage waits as long again for the answers. */
const limitMs = { setup: 30_000, finalReads: 30_000 } as const;

/** What the workload needs to find. A run whose setup did not go through would accuse the store of what it lacks. */
export async function setUp({ plan, world, recording, signal }: Run, workers: readonly Worker[]): Promise<void> {
  const operations = plan.workload.setup?.() ?? [];
  const untilNs = world.clock.nowNs() + limitMs.setup * nsPerMs;
  let done = 0;
  const record: Recorder["record"] = (event) => {
    if (event.type === "ok") done++;
    return recording.record(event);
  };
  const { concurrency } = plan;
  const load = { generator: each(operations), concurrency, untilNs, pickFree: () => 0, signal };
  await stage(world.clock, "setting up the workload", 2 * limitMs.setup, () =>
    runLoad({ ...load, workers: workers.slice(0, 1) }, world.clock, { ...recording, record }),
  );
  if (done < operations.length && !signal.aborted) {
    throw new Error(`setting up the workload: ${done} of ${operations.length} operations went through`);
  }
}

/** Every client reads everything once, with all healed: what was lost for good shows now. */
export async function finalReads(run: Run, workers: readonly Worker[]): Promise<void> {
  const { plan, world, recording, tell, signal } = run;
  tell({ type: "stage", stage: "final-reads" });
  recording.phase({ phase: "final-reads" });
  const untilNs = world.clock.nowNs() + limitMs.finalReads * nsPerMs;
  await stage(world.clock, "final reads", 2 * limitMs.finalReads, async () => {
    await Promise.all(
      workers.map((worker) => {
        const generator = each(plan.workload.finalReads(recording.keys()));
        const { concurrency } = plan;
        const load = { generator, workers: [worker], concurrency, untilNs, pickFree: () => 0, signal };
        return runLoad(load, world.clock, recording);
      }),
    );
  });
}

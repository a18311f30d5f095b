import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../../errors/errors.ts";
import { orWarning } from "../../../errors/or-warning.ts";
import { runFiles } from "../../../history/test-record.ts";
import { openHistoryWriter } from "../../../history/writer.ts";
import { ensureUsable } from "../../../hosts/requirements.ts";
import { createSegmentFolder } from "../../../store/run-folder.ts";
import { type Clock, nowMs } from "../../../time/clock.ts";
import type { Plan } from "../../plan/plan.ts";
import { listSchedule } from "../../plan/schedule/entry.ts";
import { scheduleFileOf, writeScheduleFile } from "../../plan/schedule/file.ts";
import { testRecord } from "../../plan/test-record.ts";
import { carryOut, clientSession, untilReady } from "../../run/carry-out.ts";
import { recordEarlyEnd } from "../../run/early-end.ts";
import { judgeAlong, judgeLater } from "../../run/judge-along.ts";
import type { WatchedCluster } from "../../run/load-and-faults.ts";
import { nodeRecord } from "../../run/observer.ts";
import { openRecording } from "../../run/recording.ts";
import { lossOf, openFolder, type RunControls, type RunLeft } from "../../run/run.ts";
import type { Run } from "../../run/run-context.ts";
import { openWorld } from "../../run/world.ts";
import { withOwnKeys } from "./own-keys.ts";
import { type Relay, relayBeside } from "./relay.ts";
import type { Segment } from "./segments.ts";

/** A segment that is over, with its folder still to be judged. */
export interface SegmentLeft extends RunLeft {
  readonly segment: Segment;
  /** When it began, from the soak's start. */
  readonly startedMs: number;
}

export interface SoakControls extends RunControls {
  /** Hears where the soak has its folder, before anything runs. */
  readonly began: (folder: string, clock: Clock) => void;
  /** Hears of each segment when it is over; the next one waits for the answer, and does not begin if that is false. */
  readonly segmentOver: (left: SegmentLeft) => Promise<boolean>;
}

/**
 * Carries out segments one after another on one cluster, each with its own keys, clients and faults, and a run folder of its own
 * in `segments/`. What is between them, and the nodes' logs, are in the soak's folder. Rejects with a UsageError before anything was made, as
 * `runTest` does.
 */
export async function runSoak(plan: Plan, segments: readonly Segment[], controls: SoakControls): Promise<RunLeft> {
  await ensureUsable(plan.backend, plan.backendOptions, plan.needs, plan.nodes.length);
  const { folder, writer } = await openFolder(plan, controls.startedAt);
  await mkdir(join(folder, segmentsFolder));
  const { seed, timeLimitMs } = plan;
  controls.tell({ type: "run", folder, seed, title: plan.name, timeLimitMs });
  const world = openWorld(plan, folder);
  controls.began(folder, world.clock);
  const relay = relayBeside(openRecording(world.clock, writer, controls.tell, () => {}));
  const soak: Run = { ...controls, plan, world, recording: relay, folder, along: judgeLater, chosen: () => {} };
  try {
    await carryOut(soak, async (run, cluster) => {
      for (const segment of segments) {
        const left = await carryOutSegment({ ...run, folder }, cluster, segment, { ...controls, relay });
        if (!(await controls.segmentOver(left)) || run.signal.aborted) return;
      }
    });
  } finally {
    await writer.close();
  }
  return { folder, lost: writer.lost.aborted ? lossOf(writer.lost) : null, warnings: [] };
}

const segmentsFolder = "segments";

interface SegmentControls extends Pick<RunControls, "watched" | "tell" | "startedAt"> {
  readonly relay: Relay;
}

/** One segment: as a run of its own on a cluster that is there already. Its clock begins with it. */
async function carryOutSegment(
  soak: Run & { readonly folder: string },
  cluster: WatchedCluster,
  segment: Segment,
  { relay, watched, tell, startedAt }: SegmentControls,
): Promise<SegmentLeft> {
  const { plan } = segment;
  const zeroNs = soak.world.clock.nowNs();
  const startedMs = nowMs(soak.world.clock);
  const clock = startingAt(zeroNs, soak.world.clock);
  const record = testRecord(plan, new Date(startedAt.getTime() + startedMs));
  const folder = await createSegmentFolder(join(soak.folder, segmentsFolder), record);
  const writer = openHistoryWriter(join(folder, runFiles.history));
  const along = judgeAlong(plan, folder, watched, clock, tell);
  const recording = openRecording(clock, writer, tell, along.hear);
  const carriedOut = listSchedule();
  const run: Run = {
    ...{ plan, recording, along, tell, folder, chosen: carriedOut.add },
    signal: AbortSignal.any([soak.signal, along.violated, recording.lost]),
    world: { ...soak.world, clock, system: withOwnKeys(soak.world.system, `${plan.name}/`) },
  };
  try {
    using _relayed = relay.to(recording, zeroNs);
    recording.phase({ phase: "start" });
    for (const seen of cluster.observer.current()) {
      recording.record({ process: "observer", type: "info", f: "node", value: nodeRecord(seen) });
    }
    using _early = recordEarlyEnd({ ...run, signal: soak.signal }, along.violated);
    await onSharedCluster(run, cluster);
    recording.phase({ phase: "stop" });
    await along.stop();
    recording.phase({ phase: "end" });
  } finally {
    await writer.close();
  }
  const warnings = await orWarning(`no ${runFiles.schedule} was written`, () =>
    writeScheduleFile(join(folder, runFiles.schedule), scheduleFileOf(plan, carriedOut.entries)),
  );
  return { segment, startedMs, folder, lost: writer.lost.aborted ? lossOf(writer.lost) : null, warnings };
}

/** A segment that fails leaves the cluster to the next one: it is unknown, with the reason. */
async function onSharedCluster(run: Run, cluster: WatchedCluster): Promise<void> {
  try {
    await untilReady(run, cluster);
    await clientSession(run, cluster);
    run.recording.lost.throwIfAborted();
  } catch (error) {
    run.recording.phase({ phase: "failed", reason: messageOf(error) });
    run.recording.warn(messageOf(error));
  }
}

function startingAt(zeroNs: number, clock: Clock): Clock {
  return {
    nowNs: () => clock.nowNs() - zeroNs,
    after: (delayMs, due) => clock.after(delayMs, due),
    soon: (due) => clock.soon(due),
  };
}

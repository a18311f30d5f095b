import type { Resources, Soak, SoakSegment } from "../../analysis/soak.ts";
import { verdictMarks } from "../../analysis/verdict.ts";
import { duration } from "../../analysis/words.ts";
import { watchResources } from "../../controller/batch/soak/resources.ts";
import { runSoak, type SegmentLeft } from "../../controller/batch/soak/run-soak.ts";
import { type Segment, soakPlan } from "../../controller/batch/soak/segments.ts";
import { type Progress, stages } from "../../controller/run/progress.ts";
import { nowMs, wallClock } from "../../time/clock.ts";
import { boundHeapGrowth } from "../heap-growth.ts";
import { interruptible } from "../interrupt.ts";
import { judgeAndReport } from "../run-and-report.ts";
import { progressOutput, statusLine } from "../status-line.ts";
import { stopKeys } from "../stop-keys.ts";
import { keepSoak, segmentRecord } from "./record.ts";

const interruptionSays = {
  first: "healing, stopping everything, and judging the segments that there are",
  second: "healing and stopping everything",
};

/** A soak that is over, or was interrupted. */
export interface SoakLeft {
  readonly folder: string;
  readonly soak: Soak;
  readonly warnings: readonly string[];
}

/**
 * Carries a soak out with its progress shown. Each segment is judged while the next one goes on, and is in `soak.json` then.
 */
export async function carryOutSoak(begun: Soak, segments: readonly Segment[], quiet: boolean): Promise<SoakLeft> {
  const clock = wallClock();
  const state = { folder: "", soak: begun, warnings: [] as string[] };
  const keep = (added: { segment?: SoakSegment; resources?: Resources }): void => {
    const { segment, resources } = added;
    state.soak = {
      ...state.soak,
      segments: segment === undefined ? state.soak.segments : [...state.soak.segments, segment],
      resources: resources === undefined ? state.soak.resources : [...state.soak.resources, resources],
    };
    if (segment !== undefined) keepSoak(state.folder, state.soak);
  };
  using status = statusLine(progressOutput(quiet), clock, "q stops and judges what there is");
  const progress = soakProgress(segments.length, status.update);
  await interruptible(interruptionSays, status.say, async ({ signal, hurry, interrupt }) => {
    using _keys = stopKeys(quiet, interrupt);
    using _bound = boundHeapGrowth();
    using _watch = watchResources(clock, (resources) => keep({ resources }));
    let judging: Promise<boolean> = Promise.resolve(true);
    const judge = async (left: SegmentLeft): Promise<boolean> => {
      const { seed, failFast } = left.segment.plan;
      const beganMs = performance.now();
      const outcome = await judgeAndReport(left, { seed, beganMs, hurry });
      const segment = segmentRecord(left, outcome, state.folder);
      keep({ segment });
      status.say(`${verdictMarks[segment.verdict]} ${segment.number} ${segment.workload}: ${segment.summary}`);
      return !(failFast && segment.verdict === "invalid");
    };
    const { warnings } = await runSoak(soakPlan(begun), segments, {
      ...{ signal, hurry, watched: false, startedAt: new Date(), tell: progress },
      began: (folder) => {
        state.folder = folder;
        keepSoak(folder, state.soak);
      },
      segmentOver: async (left) => {
        // One at a time is judged beside the load; a soak must not outrun its checks.
        const goOn = await judging;
        judging = judge(left);
        return left.segment.plan.failFast ? judging : goOn;
      },
    });
    await judging;
    state.warnings.push(...warnings);
  });
  keepSoak(state.folder, state.soak);
  return state;
}

/** One line: which segment, what is done in it, and how long the whole is to last. */
function soakProgress(count: number, update: (line: () => string) => void): (progress: Progress) => void {
  const clock = wallClock();
  let [number, stage, injected, answered] = [0, stages.hosts as string, 0, 0];
  return (progress) => {
    if (progress.type === "stage") {
      if (progress.stage === "ready") number++;
      stage = stages[progress.stage];
    }
    if (progress.type === "fault" && progress.record.action === "inject") injected++;
    if (progress.type === "operation" && progress.outcome === "ok") answered++;
    if (progress.type === "stage" || progress.type === "fault") {
      update(
        () =>
          `segment ${Math.max(1, number - 1)} of ${count}: ${stage}; ${answered} operations, ${injected} faults, ${duration(nowMs(clock))}`,
      );
    }
  };
}

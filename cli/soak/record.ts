import { join, relative } from "node:path";
import { measuresOf } from "../../analysis/comparison.ts";
import type { Soak, SoakSegment } from "../../analysis/soak.ts";
import type { SegmentLeft } from "../../controller/batch/soak/run-soak.ts";
import { replaceFile } from "../../history/replace-file.ts";
import type { Outcome } from "../outcome.ts";

const recordFile = "soak.json";

/** What a soak keeps of a segment that was judged. */
export function segmentRecord({ segment, startedMs }: SegmentLeft, outcome: Outcome, folder: string): SoakSegment {
  const from = (path: string): string => relative(folder, path);
  const { recoveriesMs: _recoveries, staleReads: _stale, ...measures } = measuresOf(outcome.results);
  return {
    ...{ number: segment.number, workload: segment.plan.workload.name, seed: segment.plan.seed, startedMs },
    folder: from(outcome.folder),
    report: outcome.report === null ? null : from(outcome.report),
    operations: outcome.results.operations,
    ...measures,
  };
}

export function keepSoak(folder: string, soak: Soak): void {
  replaceFile(join(folder, recordFile), `${JSON.stringify(soak, null, 2)}\n`);
}

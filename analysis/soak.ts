import { z } from "zod";
import { serviceSchema } from "./comparison.ts";
import { type Verdict, verdicts, worstVerdict } from "./verdict.ts";
import { plural } from "./words.ts";

const count = z.number().int().min(0);

const resourcesSchema = z.strictObject({
  /** From the start of the soak. */
  atMs: z.number(),
  /** Memory of the controller's process, with the checks that go on in it. */
  rssMb: z.number(),
  /** Of all turns of its event loop since the sample before, 99 in 100 came no later than this. */
  loopDelayMs: z.number(),
});
/** What the controller took at some time. */
export type Resources = Readonly<z.output<typeof resourcesSchema>>;

const segmentSchema = z.strictObject({
  number: count,
  workload: z.string(),
  seed: count,
  startedMs: z.number(),
  /** Both seen from the soak's folder. */
  folder: z.string(),
  report: z.string().nullable(),
  verdict: z.enum(verdicts),
  summary: z.string(),
  operations: z.strictObject({ ok: count, fail: count, info: count }),
  faults: z.strictObject({ injected: count, effective: count }),
  /** Null where nothing could be measured. */
  healthy: serviceSchema.nullable(),
  faulty: serviceSchema.nullable(),
});
/** What a soak keeps of one of its segments. */
export type SoakSegment = Readonly<z.output<typeof segmentSchema>>;

/** `soak.json`: what is soaked, the segments that are over, and what the controller took. */
export const soakSchema = z.strictObject({
  /** The options that all segments share, as a plan takes them. */
  options: z.record(z.string(), z.unknown()),
  workloads: z.array(z.string()).min(1),
  timeLimitMs: z.number().positive(),
  segmentMs: z.number().positive(),
  /** Of the first segment; each further one adds 1. */
  seed: count,
  /** The most memory that the controller may take. */
  maxMemoryMb: z.number().positive(),
  segments: z.array(segmentSchema),
  resources: z.array(resourcesSchema),
});
export type Soak = Readonly<z.output<typeof soakSchema>>;

/** A soak's answer in one word and one sentence. */
export interface SoakVerdict {
  readonly verdict: Verdict;
  readonly summary: string;
}

/** How much more memory the last quarter of a soak may take than the one before. */
const mostGrowth = 0.1;
/** Shorter soaks are over before the controller's memory has settled. */
const leastMsForGrowth = 10 * 60_000;

/** The worst of all segments; invalid too where the controller took more memory than it may. What is missing makes it unknown. */
export function judgeSoak(soak: Soak, planned: number): SoakVerdict {
  const { segments } = soak;
  const worst = worstVerdict(segments.map(({ verdict }) => verdict));
  const failed = segments.find(({ verdict }) => verdict === "invalid");
  if (failed !== undefined) {
    const invalid = segments.filter(({ verdict }) => verdict === "invalid").length;
    return {
      verdict: "invalid",
      summary: `${invalid} of ${plural(segments.length, "segment")} failed, the first in ${failed.workload}: ${failed.summary}`,
    };
  }
  const excess = memoryExcess(soak);
  if (excess !== null) return { verdict: "invalid", summary: excess };
  if (segments.length < planned) {
    return {
      verdict: "unknown",
      summary: `interrupted when ${segments.length} of ${plural(planned, "segment")} were over`,
    };
  }
  const open = segments.find(({ verdict }) => verdict === "unknown");
  if (open !== undefined)
    return { verdict: worst, summary: `segment ${open.number}, ${open.workload}: ${open.summary}` };
  const operations = segments.reduce((sum, { operations: { ok, fail, info } }) => sum + ok + fail + info, 0);
  const faults = segments.reduce((sum, { faults: { effective } }) => sum + effective, 0);
  return {
    verdict: worst,
    summary: `${plural(operations, "operation")} in ${plural(segments.length, "segment")} are correct; survived ${plural(faults, "fault")}`,
  };
}

function memoryExcess({ resources, maxMemoryMb, timeLimitMs }: Soak): string | null {
  const most = Math.max(...resources.map(({ rssMb }) => rssMb));
  if (most > maxMemoryMb) {
    return `the controller took ${Math.round(most)} MB of memory; ${maxMemoryMb} MB are allowed`;
  }
  if (timeLimitMs < leastMsForGrowth) return null;
  const [before, after] = lastQuarters(resources).map(meanMemory);
  if (before === undefined || after === undefined || after <= before * (1 + mostGrowth)) return null;
  return `the controller's memory grew from ${Math.round(before)} MB in the third quarter to ${Math.round(after)} MB in the last`;
}

/** The third and the fourth: by then a process has settled that does not grow for good. */
function lastQuarters(resources: readonly Resources[]): readonly (readonly Resources[])[] {
  const endMs = resources.at(-1)?.atMs ?? 0;
  const since = (share: number) => resources.filter(({ atMs }) => atMs >= share * endMs);
  return [since(0.5).filter(({ atMs }) => atMs < 0.75 * endMs), since(0.75)];
}

function meanMemory(samples: readonly Resources[]): number | undefined {
  return samples.length === 0 ? undefined : samples.reduce((sum, { rssMb }) => sum + rssMb, 0) / samples.length;
}

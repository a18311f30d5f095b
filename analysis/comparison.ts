import { z } from "zod";
import { expected } from "../errors/schemas.ts";
import type { AvailabilityResult, RegisterResult, Results, ServiceCounts } from "./results.ts";
import { verdicts } from "./verdict.ts";

/** An option whose values are compared: `readMode`, or `set.fsync` for a knob of the store. */
const axisSchema = z.strictObject({ option: z.string().min(1), values: z.array(z.string()).min(1) });
export type Axis = Readonly<z.output<typeof axisSchema>>;

const count = z.number().int().min(0);
const latency = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() });
export const serviceSchema = z.strictObject({
  ...{ answered: count, total: count, prompt: count, seconds: z.number() },
  latencyMs: z.record(z.string(), latency),
}) satisfies z.ZodType<ServiceCounts>;

const comparedRunSchema = z.strictObject({
  /** Which value of each axis, in the order of the axes. */
  values: z.array(z.string()),
  /** Counted from 0; runs of one repetition share their seed. */
  repetition: count,
  seed: count,
  /** Both seen from the comparison's folder. */
  folder: z.string(),
  report: z.string().nullable(),
  verdict: z.enum(verdicts),
  summary: z.string(),
  /** Null where nothing could be measured. */
  healthy: serviceSchema.nullable(),
  faulty: serviceSchema.nullable(),
  /** From healing a fault to the next write; null where the next fault came first. */
  recoveriesMs: z.array(z.number().nullable()),
  staleReads: z.strictObject({ count, maxVersions: count, maxMilliseconds: z.number() }).nullable(),
  faults: z.strictObject({ injected: count, effective: count }),
});

/** What a comparison keeps of one of its runs. */
export type ComparedRun = Readonly<z.output<typeof comparedRunSchema>>;

const comparisonFields = z.strictObject({
  axes: z.array(axisSchema).min(1),
  /** The options that all runs share, as a plan takes them. */
  options: z.record(z.string(), z.unknown()),
  repetitions: z.number().int().min(1),
  /** Of the first repetition; each further one adds 1. */
  seed: count,
  runs: z.array(comparedRunSchema),
});
/** `compare.json`: what is compared, and the runs that are over. */
export const comparisonSchema = comparisonFields.refine(
  ({ axes, runs }) => runs.every(({ values }) => values.length === axes.length),
  { path: ["runs"], ...expected("a value of each axis in every run") },
);
export type Comparison = Readonly<Omit<z.output<typeof comparisonSchema>, "runs">> & {
  readonly runs: readonly ComparedRun[];
};

type Measures = Pick<
  ComparedRun,
  "verdict" | "summary" | "healthy" | "faulty" | "recoveriesMs" | "staleReads" | "faults"
>;

/** What a comparison keeps of a run's results. */
export function measuresOf({ verdict, summary, checkers, faults }: Results): Measures {
  // Both are results of this version's own checkers, by the names that they have there.
  const availability = checkers["availability"] as AvailabilityResult | undefined;
  const register = checkers["register"] as RegisterResult | undefined;
  return {
    ...{ verdict, summary, faults },
    healthy: availability?.outsideFaults ?? null,
    faulty: availability?.duringFaults ?? null,
    recoveriesMs: availability?.windows.map(({ recoveryMs }) => recoveryMs) ?? [],
    staleReads: register?.staleReads ?? null,
  };
}

import type { ComparedRun, Comparison } from "../../../analysis/comparison.ts";
import type { LatencySummary, ServiceCounts } from "../../../analysis/results.ts";
import { type Verdict, verdicts, worstVerdict } from "../../../analysis/verdict.ts";
import { dashed } from "../../../errors/option-names.ts";
import { sentenceOn } from "./sentence.ts";

/** A figure over the repetitions of a cell; null where no run has it. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** What clients got, in a part of a cell's runs. */
export interface Served {
  readonly okPerSecond: Spread | null;
  readonly promptShare: Spread | null;
  readonly readMs: { readonly p50: Spread | null; readonly p99: Spread | null };
  /** Of the other operation that is most frequent: the workload's write. */
  readonly writeMs: { readonly p50: Spread | null; readonly p99: Spread | null };
}

/** A combination of values, over its repetitions. */
export interface ComparedRow {
  readonly values: readonly string[];
  readonly verdict: Verdict;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly healthy: Served;
  readonly faulty: Served;
  /** From healing a fault to the next write. */
  readonly recoveryMs: Spread | null;
  /** Null where the workload's reads are not of registers. */
  readonly staleReads: { readonly count: number; readonly maxVersions: number; readonly maxMs: number } | null;
  /** What this choice buys, and what it costs. */
  readonly sentence: string;
  readonly runs: readonly Pick<ComparedRun, "repetition" | "seed" | "verdict" | "summary" | "report">[];
}

export interface ComparisonMaterial extends Comparison {
  readonly command: string;
  readonly interrupted: boolean;
}

export interface CompareDigest {
  /** The options that differ, as the command line spells them. */
  readonly axes: readonly string[];
  readonly verdict: Verdict;
  readonly rows: readonly ComparedRow[];
  readonly repetitions: number;
  readonly faults: ComparedRun["faults"];
  readonly command: string;
  readonly interrupted: boolean;
}

export function digestComparison({ axes, runs, repetitions, command, interrupted }: ComparisonMaterial): CompareDigest {
  const cells = [...Map.groupBy(inOrder(runs, axes), ({ values }) => JSON.stringify(values)).values()];
  const rows = cells.map((cell) => rowOf(cell));
  const base = rows.find(({ verdict }) => verdict === "valid") ?? null;
  const injected = runs.reduce((sum, { faults }) => sum + faults.injected, 0);
  const effective = runs.reduce((sum, { faults }) => sum + faults.effective, 0);
  return {
    axes: axes.map(({ option }) => dashed(option)),
    verdict:
      interrupted && !runs.some(({ verdict }) => verdict === "invalid")
        ? "unknown"
        : worstVerdict(runs.map(({ verdict }) => verdict)),
    rows: rows.map((row) => ({ ...row, sentence: sentenceOn(row, base) })),
    repetitions,
    faults: { injected, effective },
    command,
    interrupted,
  };
}

/** As the axes list their values, whatever was run first. */
function inOrder(runs: readonly ComparedRun[], axes: Comparison["axes"]): readonly ComparedRun[] {
  const place = ({ values, repetition }: ComparedRun): readonly number[] => [
    ...values.map((value, at) => axes[at]!.values.indexOf(value)),
    repetition,
  ];
  return runs.toSorted((one, other) => {
    const [left, right] = [place(one), place(other)];
    const differs = left.findIndex((index, at) => index !== right[at]);
    return differs < 0 ? 0 : left[differs]! - right[differs]!;
  });
}

function rowOf(runs: readonly ComparedRun[]): Omit<ComparedRow, "sentence"> {
  const stale = runs.flatMap(({ staleReads }) => staleReads ?? []);
  const recoveriesMs = runs.flatMap((run) => run.recoveriesMs.filter((recovery) => recovery !== null));
  return {
    values: runs[0]!.values,
    verdict: worstVerdict(runs.map(({ verdict }) => verdict)),
    verdicts: Object.fromEntries(
      verdicts.map((kind) => [kind, runs.filter(({ verdict }) => verdict === kind).length]),
    ) as Record<Verdict, number>,
    healthy: servedIn(runs.flatMap(({ healthy }) => healthy ?? [])),
    faulty: servedIn(runs.flatMap(({ faulty }) => faulty ?? [])),
    recoveryMs: spreadOf(recoveriesMs),
    staleReads:
      stale.length === 0
        ? null
        : {
            count: stale.reduce((sum, { count }) => sum + count, 0),
            maxVersions: Math.max(...stale.map(({ maxVersions }) => maxVersions)),
            maxMs: Math.max(...stale.map(({ maxMilliseconds }) => maxMilliseconds)),
          },
    runs: runs.map(({ repetition, seed, verdict, summary, report }) => ({
      repetition,
      seed,
      verdict,
      summary,
      report,
    })),
  };
}

function servedIn(parts: readonly ServiceCounts[]): Served {
  const lasting = parts.filter(({ seconds, total }) => seconds > 0 && total > 0);
  const latencies = (pick: (part: ServiceCounts) => LatencySummary | undefined) => {
    const each = lasting.flatMap((part) => pick(part) ?? []);
    return { p50: spreadOf(each.map(({ p50 }) => p50)), p99: spreadOf(each.map(({ p99 }) => p99)) };
  };
  return {
    okPerSecond: spreadOf(lasting.map(({ answered, seconds }) => answered / seconds)),
    promptShare: spreadOf(lasting.map(({ prompt, total }) => prompt / total)),
    readMs: latencies(({ latencyMs }) => latencyMs["read"]),
    writeMs: latencies(writeLatency),
  };
}

/** The workload's own writes, whatever it calls them. */
function writeLatency({ latencyMs }: ServiceCounts): LatencySummary | undefined {
  return latencyMs["write"] ?? Object.entries(latencyMs).find(([f]) => f !== "read")?.[1];
}

function spreadOf(figures: readonly number[]): Spread | null {
  if (figures.length === 0) return null;
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  return { mean, min: Math.min(...figures), max: Math.max(...figures) };
}

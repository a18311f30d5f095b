import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { RunDigest, Throughput } from "../../digest/types.ts";
import { formatCount } from "../format.ts";
import { cssColor } from "../theme.ts";
import { TimeChart } from "./TimeChart.tsx";

interface Props {
  digest: RunDigest;
  rangeS: readonly [number, number];
  width: number;
}

/** Operations a second by outcome, as steps: each step is one counted stretch of time. */
export function ThroughputChart({ digest, rangeS, width }: Props) {
  const data = useMemo(() => ratesOf(digest.throughput, digest.essentials.durationNs), [digest]);
  return (
    <TimeChart
      label="Operations a second over time by outcome"
      height={150}
      width={width}
      rangeS={rangeS}
      faults={digest.faults}
      data={data}
      series={() => [line("ok", true), line("fail", false), line("info", false)]}
      yScale={{ range: (_, __, max) => [0, Math.max(1, max) * 1.08] }}
      yValues={formatCount}
    />
  );
}

/** Counts to rates; the last stretch is often cut short by the end of the run, and left out if most of it is. */
function ratesOf({ bucketNs, ok, fail, info }: Throughput, durationNs: number): uPlot.AlignedData {
  const lengthS = (at: number) => Math.min(bucketNs, durationNs - at * bucketNs) / 1e9;
  const full = ok.map((_, at) => at).filter((at) => lengthS(at) > bucketNs / 2e9);
  const rates = (counts: readonly number[]) => {
    const steps = full.map((at) => counts[at]! / lengthS(at));
    return [...steps, steps.at(-1) ?? null];
  };
  const starts = full.map((at) => (at * bucketNs) / 1e9);
  return [[...starts, durationNs / 1e9], rates(ok), rates(fail), rates(info)];
}

function line(outcome: "ok" | "fail" | "info", filled: boolean): uPlot.Series {
  return {
    stroke: cssColor(outcome),
    width: 1.5,
    points: { show: false },
    paths: uPlot.paths.stepped!({ align: 1 }),
    ...(filled && { fill: cssColor("ok-wash") }),
  };
}

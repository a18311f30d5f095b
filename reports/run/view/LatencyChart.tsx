import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { duration } from "../../../analysis/words.ts";
import { formatCount } from "../../ui/format.ts";
import { cssColor } from "../../ui/theme.ts";
import type { Latency, RunDigest } from "../digest/types.ts";
import { drawPoints } from "./points.ts";
import { TimeChart } from "./TimeChart.tsx";

interface Props {
  digest: RunDigest;
  rangeS: readonly [number, number];
  width: number;
}

/** Every operation as a point on a logarithmic axis, with lines for the median and the 99th percentile. */
export function LatencyChart({ digest, rangeS, width }: Props) {
  const { latency } = digest;
  const data = useMemo(() => linesOf(latency), [latency]);
  const sample = sampleOf(latency);
  const yRange = useMemo(() => rangeOf(latency), [latency]);
  return (
    <>
      <h3 class="chart-title">
        Latency <small>of each operation when it began; solid line: median of ok, dashed: 99th percentile of ok</small>
        {sample && <small class="sample">{sample}</small>}
      </h3>
      <TimeChart
        label="Latency over time on a logarithmic scale, by outcome"
        height={190}
        width={width}
        rangeS={rangeS}
        faults={digest.faults}
        data={data}
        series={() => [quantileLine("ink", 1.75), quantileLine("muted", 1, [5, 3])]}
        yScale={{ distr: 3, range: () => yRange }}
        yValues={duration}
        ySplits={decades(yRange)}
        drawBelow={(chart) => drawPoints(chart, latency)}
      />
    </>
  );
}

/** Says so where not every operation is a point; the lines are always of all. */
function sampleOf({ points }: Latency): string | null {
  const all = [points.ok, points.fail, points.info];
  const total = all.reduce((sum, series) => sum + series.total, 0);
  const shown = all.reduce((sum, series) => sum + series.ms.length, 0);
  if (shown === total) return null;
  return `${formatCount(shown)} of ${formatCount(total)} operations shown; the lines are drawn from all`;
}

function linesOf({ bucketNs, p50, p99 }: Latency): uPlot.AlignedData {
  return [p50.map((_, at) => ((at + 0.5) * bucketNs) / 1e9), [...p50], [...p99]];
}

/** Whole decades around everything that is drawn. */
function rangeOf({ points }: Latency): [number, number] {
  const all = [points.ok, points.fail, points.info].flatMap(({ ms }) => ms).filter((ms) => ms > 0);
  if (all.length === 0) return [1, 1000];
  const lowest = all.reduce((a, b) => Math.min(a, b));
  const highest = all.reduce((a, b) => Math.max(a, b));
  const low = 10 ** Math.floor(Math.log10(lowest));
  return [low, Math.max(low * 10, 10 ** Math.ceil(Math.log10(highest * 1.05)))];
}

function decades([low, high]: readonly [number, number]): number[] {
  const count = Math.round(Math.log10(high / low)) + 1;
  return Array.from({ length: count }, (_, at) => low * 10 ** at);
}

function quantileLine(color: "ink" | "muted", width: number, dash?: number[]): uPlot.Series {
  return { stroke: cssColor(color), width, points: { show: false }, spanGaps: false, ...(dash && { dash }) };
}

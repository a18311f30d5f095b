import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import { formatCount } from "../../ui/format.ts";
import { cssColor } from "../../ui/theme.ts";
import type { RunDigest } from "../digest/types.ts";
import { OutcomeLegend } from "./OutcomeLegend.tsx";
import { ratesOf } from "./rates.ts";
import { TimeChart } from "./TimeChart.tsx";

interface Props {
  digest: RunDigest;
  rangeS: readonly [number, number];
  width: number;
}

/** Operations a second by outcome, as steps: each step is one counted stretch of time. */
export function ThroughputChart({ digest, rangeS, width }: Props) {
  const { data, yMax, burstCut } = useMemo(() => ratesOf(digest), [digest]);
  return (
    <>
      <h3 class="chart-title">
        Throughput <small>operations per second, by outcome{burstCut && "; the final reads go off the scale"}</small>{" "}
        <OutcomeLegend />
      </h3>
      <TimeChart
        label="Operations a second over time by outcome"
        height={150}
        width={width}
        rangeS={rangeS}
        faults={digest.faults}
        data={data}
        series={() => [line("ok", true), line("fail", false), line("info", false)]}
        yScale={{ range: () => [0, yMax] }}
        yValues={formatCount}
      />
    </>
  );
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

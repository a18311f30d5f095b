import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { niceTicks } from "../../ui/scale.ts";
import { useStore } from "../../ui/store.ts";
import { cssColor, theme } from "../../ui/theme.ts";
import type { FaultDigest } from "../digest/types.ts";
import { gutter } from "./timeView.ts";

interface Props {
  label: string;
  height: number;
  width: number;
  rangeS: readonly [number, number];
  faults: readonly FaultDigest[];
  data: uPlot.AlignedData;
  /** Colours may be read from the style sheet here: it is asked anew when the theme changes. */
  series: () => uPlot.Series[];
  yScale: uPlot.Scale;
  yValues: (value: number) => string;
  /** Where the lines of the grid are, if not left to the chart. */
  ySplits?: readonly number[];
  /** Draws below the lines, for what is not a line. */
  drawBelow?: (chart: uPlot) => void;
}

/** A chart over the run's time, aligned with all others, with the faults shaded behind. */
export function TimeChart(props: Props) {
  const { label, height, width, rangeS, data } = props;
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const currentTheme = useStore(theme);
  const range = useRef(rangeS);
  range.current = rangeS;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes colours that are read from the style sheet
  useLayoutEffect(() => {
    chart.current = new uPlot(
      options(props, () => range.current),
      data,
      holder.current!,
    );
    return () => chart.current?.destroy();
  }, [data, width, currentTheme]);
  useLayoutEffect(() => chart.current?.setScale("x", { min: rangeS[0], max: rangeS[1] }), [rangeS]);
  return <div ref={holder} role="img" aria-label={label} style={{ height: `${height}px` }} class="chart" />;
}

function options(props: Props, rangeS: () => readonly [number, number]): uPlot.Options {
  const grid = { stroke: cssColor("rule"), width: 1 };
  return {
    width: props.width,
    height: props.height,
    padding: [6, gutter.right, 6, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: () => [...rangeS()] as [number, number] }, y: props.yScale },
    axes: [
      {
        size: 0,
        values: () => [],
        ticks: { show: false },
        grid,
        splits: (_, __, min, max) => timeTicks(min, max, props.width),
      },
      {
        size: gutter.left,
        stroke: cssColor("muted"),
        font: "12px system-ui, sans-serif",
        grid,
        ticks: { show: false },
        gap: 8,
        ...(props.ySplits && { splits: [...props.ySplits], filter: (_: uPlot, splits: number[]) => splits }),
        values: (_, splits) => splits.map((split) => (split === null ? "" : props.yValues(split))),
      },
    ],
    series: [{}, ...props.series()],
    hooks: {
      drawClear: [(chart) => shadeFaults(chart, props.faults)],
      drawAxes: [(chart) => props.drawBelow?.(chart)],
    },
  };
}

/** The ticks that every figure over time shares. */
export function timeTicks(fromS: number, toS: number, width: number): number[] {
  return niceTicks(fromS, toS, Math.max(3, width / 110));
}

function shadeFaults(chart: uPlot, faults: readonly FaultDigest[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.globalAlpha = Number(cssColor("fault-alpha"));
  for (const fault of faults) {
    if (!fault.effective) continue;
    const from = chart.valToPos(fault.fromNs / 1e9, "x", true);
    const to = fault.toNs === null ? bbox.left + bbox.width : chart.valToPos(fault.toNs / 1e9, "x", true);
    ctx.fillStyle = fault.color;
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  ctx.restore();
}

import type { RunDigest } from "../digest/types.ts";
import { timeTicks } from "./TimeChart.tsx";
import { gutter } from "./timeView.ts";

interface Props {
  rangeS: readonly [number, number];
  width: number;
  phases: RunDigest["phases"];
}

/** Seconds since the start of the run, and the phases of the run, under all figures. */
export function TimeAxis({ rangeS: [from, to], width, phases }: Props) {
  const plotWidth = width - gutter.left - gutter.right;
  const toX = (seconds: number) => gutter.left + ((seconds - from) / (to - from)) * plotWidth;
  const ticks = timeTicks(from, to, width);
  const decimals = decimalsFor(ticks);
  return (
    <svg
      width={width}
      height={phases.length > 0 ? 46 : 28}
      role="img"
      aria-label={`Seconds, from ${from.toFixed(1)} to ${to.toFixed(1)}`}
    >
      <line x1={gutter.left} x2={width - gutter.right} y1="4" y2="4" class="axis-line" />
      {ticks.map((tick) => (
        <g key={tick} transform={`translate(${toX(tick)} 4)`}>
          <line y2="5" class="axis-line" />
          <text y="18" text-anchor="middle" class="tick-label">
            {tick.toFixed(decimals)}
          </text>
        </g>
      ))}
      <text x={gutter.left - 10} y="22" text-anchor="end" class="tick-label">
        seconds
      </text>
      {placePhases(phases, toX, [gutter.left, width - gutter.right]).map(({ phase, x, anchor }) => (
        <text key={phase} x={x} y="40" text-anchor={anchor} class="tick-label phase">
          {phase}
        </text>
      ))}
    </svg>
  );
}

function decimalsFor(ticks: readonly number[]): number {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
}

/** Least telling last: where names would run into each other, these give way. */
const phaseRank = ["interrupted", "violated", "failed", "final-reads", "liveness", "load", "stop", "end", "start"];

/** Phase names where they begin, as far as they do not run into each other; one may end at the right edge instead. */
function placePhases(
  phases: RunDigest["phases"],
  toX: (seconds: number) => number,
  [left, right]: readonly [number, number],
) {
  const placed: { phase: string; x: number; anchor: "start" | "end"; from: number; to: number }[] = [];
  for (const { phase, atNs } of phases.toSorted((a, b) => phaseRank.indexOf(a.phase) - phaseRank.indexOf(b.phase))) {
    const x = toX(atNs / 1e9);
    const width = phase.length * 6.4 + 12;
    const anchor = x + width > right + 12 ? "end" : "start";
    const from = anchor === "end" ? x - width : x;
    const apart = placed.every((other) => from >= other.to || from + width <= other.from);
    if (x >= left - 1 && x <= right + 1 && apart) placed.push({ phase, x, anchor, from, to: from + width });
  }
  return placed;
}

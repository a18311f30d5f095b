import { duration } from "../../../analysis/words.ts";
import { toSeconds } from "../../ui/format.ts";
import { niceTicks, type TimeScale } from "../../ui/scale.ts";
import type { ViolationScene } from "../digest/types.ts";
import type { Frame } from "./violationLayout.ts";

const labelRoom = 56;

interface Props {
  violation: ViolationScene;
  scale: TimeScale;
  even: boolean;
  frame: Frame;
  y: number;
}

/**
 * Seconds under the lanes: round ones on an even axis; on a stretched one those of the operations, and how long each
 * stretch is.
 */
export function EventAxis({ violation, scale, even, frame, y }: Props) {
  const ticks = even ? evenTicks(violation, frame) : eventTicks(scale);
  return (
    <g class="axis">
      <line x1={frame.left} x2={frame.right} y1={y} y2={y} class="axis-line" />
      <text x={frame.left - 10} y={y + 18} text-anchor="end" class="tick-label">
        seconds
      </text>
      {spaced(ticks, scale).map(({ x, label }) => (
        <g key={x} transform={`translate(${x} ${y})`}>
          <line y2="5" class="axis-line" />
          <text y="18" text-anchor="middle" class="tick-label">
            {label}
          </text>
        </g>
      ))}
      {!even &&
        lengths(scale).map(({ x, label }) => (
          <text key={x} x={x} y={y + 18} text-anchor="middle" class="tick-label pause">
            {label}
          </text>
        ))}
    </g>
  );
}

function evenTicks({ fromNs, toNs }: ViolationScene, { left, right }: Frame): number[] {
  return niceTicks(toSeconds(fromNs), toSeconds(toNs), (right - left) / 110).map((seconds) => seconds * 1e9);
}

function eventTicks(scale: TimeScale): number[] {
  return scale.pieces.slice(1).map((piece) => piece.fromNs);
}

function spaced(ticks: readonly number[], scale: TimeScale): { x: number; label: string }[] {
  const decimals = [3, 4, 5, 6].find((digits) => distinct(ticks, digits)) ?? 6;
  let lastX = Number.NEGATIVE_INFINITY;
  return ticks.flatMap((tick) => {
    const x = scale.toX(tick);
    if (x - lastX < labelRoom) return [];
    lastX = x;
    return [{ x, label: toSeconds(tick).toFixed(decimals) }];
  });
}

/** How long the stretches between two moments are, where there is room to say so. */
function lengths(scale: TimeScale): { x: number; label: string }[] {
  return scale.pieces
    .slice(1, -1)
    .filter(({ fromX, toX }) => toX - fromX > 2.6 * labelRoom)
    .map(({ fromX, toX, fromNs, toNs }) => ({ x: (fromX + toX) / 2, label: duration((toNs - fromNs) / 1e6) }));
}

function distinct(ticks: readonly number[], digits: number): boolean {
  return new Set(ticks.map((tick) => toSeconds(tick).toFixed(digits))).size === ticks.length;
}

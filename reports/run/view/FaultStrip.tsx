import { moment } from "../../../analysis/words.ts";
import { linearScale } from "../../ui/scale.ts";
import type { FaultDigest } from "../digest/types.ts";
import { placeFaults, stripRowHeight } from "./faultStripLayout.ts";
import { faultText } from "./faultText.ts";
import { gutter } from "./timeView.ts";

interface Props {
  faults: readonly FaultDigest[];
  rangeS: readonly [number, number];
  width: number;
}

/** The faults by name above the charts that they shade; the number is that of the table below. */
export function FaultStrip({ faults, rangeS, width }: Props) {
  if (faults.length === 0) return null;
  const scale = linearScale(rangeS[0] * 1e9, rangeS[1] * 1e9, gutter.left, width - gutter.right);
  const placed = placeFaults(faults, scale, rangeS, width - gutter.right);
  const rows = Math.max(1, ...placed.map(({ row }) => row + 1));
  return (
    <svg
      width={width}
      height={rows * stripRowHeight + 2}
      role="img"
      aria-label="Faults over time; see the table of faults"
    >
      <text x={gutter.left - 10} y={14} text-anchor="end" class="lane-label">
        faults
      </text>
      {placed.map(({ fault, row, x, width: barWidth, text, textX, inside }) => (
        <g
          key={fault.id}
          class={fault.effective ? "fault" : "fault without-effect"}
          transform={`translate(0 ${row * stripRowHeight})`}
        >
          <rect
            x={x}
            y="1"
            width={barWidth}
            height={stripRowHeight - 4}
            rx="2"
            class="fault-bar"
            style={fault.effective ? { fill: fault.color } : {}}
          />
          <text
            x={textX}
            y={14}
            class={inside ? "fault-name on-bar" : "fault-name"}
            style={inside && fault.effective ? { fill: inkOn(fault.color) } : {}}
          >
            {text}
          </text>
          <title>{`${fault.id}: ${faultText(fault)}, ${moment(fault.fromNs)} to ${fault.toNs === null ? "the end" : moment(fault.toNs)}`}</title>
        </g>
      ))}
    </svg>
  );
}

/** Black or white, whichever stands out more from a `#rrggbb`. */
function inkOn(color: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const brightness = 0.299 * (r ?? 0) + 0.587 * (g ?? 0) + 0.114 * (b ?? 0);
  return brightness < 110 ? "#fff" : "#111";
}

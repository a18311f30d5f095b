import { moment } from "../../../analysis/words.ts";
import type { TimeScale } from "../../ui/scale.ts";
import type { FaultDigest, ViolationScene } from "../digest/types.ts";
import { faultText } from "./faultText.ts";

export const faultRowHeight = 22;

interface Props {
  faults: readonly FaultDigest[];
  scale: TimeScale;
  violation: ViolationScene;
  bottom: number;
  labelX: number;
}

/** The faults active around a violation: named on top, shaded all the way down. */
export function FaultRows({ faults, scale, violation, bottom, labelX }: Props) {
  return (
    <g>
      {faults.map((fault, at) => {
        const x = scale.toX(Math.max(fault.fromNs, violation.fromNs));
        const width = scale.toX(Math.min(fault.toNs ?? Infinity, violation.toNs)) - x;
        const y = at * faultRowHeight;
        return (
          <g key={fault.id} class={fault.effective ? "fault" : "fault without-effect"}>
            <rect
              x={x}
              y={y}
              width={width}
              height={bottom - y}
              {...(fault.effective && { style: { fill: fault.color } })}
              class="fault-shade"
            />
            <rect x={x} y={y} width={width} height={3} style={{ fill: fault.color }} />
            <text x={labelX} y={y + 13} text-anchor="end" class="lane-label">
              fault {fault.id}
            </text>
            <text x={x + 5} y={y + 16} class="fault-name">
              {faultText(fault)}
            </text>
            <title>{`${faultText(fault)}, from ${moment(fault.fromNs)}`}</title>
          </g>
        );
      })}
    </g>
  );
}

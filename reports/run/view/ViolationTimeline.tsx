import { plural } from "../../../analysis/words.ts";
import type { FaultDigest, ViolationScene } from "../digest/types.ts";
import { layOutArrows } from "./arrows.ts";
import { EventAxis } from "./EventAxis.tsx";
import { FaultRows, faultRowHeight } from "./FaultRows.tsx";
import { OrderBadge, OrderLine } from "./ForcedOrder.tsx";
import { OperationBar } from "./OperationBar.tsx";
import { Roles, roleLaneHeight } from "./Roles.tsx";
import { layOutLanes, violationScale } from "./violationLayout.ts";

const left = 132;
const rightMargin = 20;
const axisHeight = 40;

interface Props {
  violation: ViolationScene;
  faults: readonly FaultDigest[];
  width: number;
}

/** The contradicting operations by process, with the faults and roles of that time. */
export function ViolationTimeline({ violation, faults, width }: Props) {
  const frame = { left, right: width - rightMargin, top: faults.length * faultRowHeight + 6 };
  const { scale, even } = violationScale(violation, frame);
  const lanes = layOutLanes(violation, scale, frame);
  const arrows = layOutArrows(violation, lanes);
  const lanesEnd = Math.max(
    frame.top,
    ...lanes.map((lane) => lane.top + lane.height),
    ...arrows.map((arrow) => arrow.lowestY + 14),
  );
  const rolesTop = lanesEnd + axisHeight;
  const height = rolesTop + violation.nodes.length * roleLaneHeight;
  return (
    <figure>
      <svg width={width} height={height} role="img" aria-label={describe(violation, lanes.length)}>
        <FaultRows faults={faults} scale={scale} violation={violation} bottom={height} labelX={left - 10} />
        {lanes.map((lane) => (
          <g key={lane.process}>
            <line
              x1={frame.left}
              x2={frame.right}
              y1={lane.top + lane.height}
              y2={lane.top + lane.height}
              class="rule"
            />
            <text x={left - 10} y={lane.top + 20} text-anchor="end" class="lane-label strong">
              process {lane.process}
            </text>
            <text x={left - 10} y={lane.top + 37} text-anchor="end" class="lane-label">
              {lane.nodes.join(", ")}
            </text>
          </g>
        ))}
        {arrows.map((arrow) => (
          <OrderLine key={arrow.number} arrow={arrow} />
        ))}
        {lanes.flatMap((lane) =>
          lane.operations.map((placed) => <OperationBar key={placed.operation.index} placed={placed} />),
        )}
        {arrows.map((arrow) => (
          <OrderBadge key={arrow.number} arrow={arrow} />
        ))}
        <EventAxis violation={violation} scale={scale} even={even} frame={frame} y={lanesEnd} />
        <Roles lanes={violation.nodes} scale={scale} labelX={left - 10} top={rolesTop} />
      </svg>
      <Caption even={even} dashed={arrows.some((arrow) => arrow.impossible)} />
    </figure>
  );
}

function Caption({ even, dashed }: { even: boolean; dashed: boolean }) {
  if (even && !dashed) return null;
  return (
    <figcaption class="note">
      {!even &&
        "The axis is wider where operations are short, and narrower where nothing happens; their order is exact. "}
      {dashed && "A dashed arrow is an order that real time rules out."}
    </figcaption>
  );
}

function describe(violation: ViolationScene, laneCount: number): string {
  return `Time line of ${plural(violation.operations.length, "operation")} by ${plural(laneCount, "process", "processes")}; the table below holds the same.`;
}

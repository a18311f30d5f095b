import { moment } from "../../../analysis/words.ts";
import type { TimeScale } from "../../ui/scale.ts";
import type { NodeLane, RoleSegment } from "../digest/types.ts";
import { roleFill } from "./roleFill.ts";

export const roleLaneHeight = 20;
const barHeight = 12;
const charWidth = 6.2;

interface Props {
  lanes: readonly NodeLane[];
  scale: TimeScale;
  /** Where node names end. */
  labelX: number;
  top: number;
}

/** One lane a node: its role as a fill, the number of its term wherever that changes. An SVG group. */
export function Roles({ lanes, scale, labelX, top }: Props) {
  return (
    <g class="roles">
      {lanes.map((lane, at) => (
        <g key={lane.node} transform={`translate(0 ${top + at * roleLaneHeight})`}>
          <text x={labelX} y={barHeight - 2} class="lane-label" text-anchor="end">
            {lane.node}
          </text>
          {lane.segments.map((segment) => (
            <SegmentBar key={segment.fromNs} segment={segment} scale={scale} />
          ))}
          {placeTerms(lane.segments, scale).map(({ x, segment }) => (
            <text key={segment.fromNs} x={x} y={barHeight - 2.5} class={`term on-${roleFill(segment)}`}>
              {segment.term}
            </text>
          ))}
        </g>
      ))}
    </g>
  );
}

function SegmentBar({ segment, scale }: { segment: RoleSegment; scale: TimeScale }) {
  const x = scale.toX(segment.fromNs);
  const width = Math.max(0.5, scale.toX(segment.toNs) - x);
  const term = segment.term === null ? "" : `, term ${segment.term}`;
  return (
    <rect x={x} width={width} height={barHeight} class={`role ${roleFill(segment)}`}>
      <title>{`${segment.role}${term}, ${moment(segment.fromNs)} to ${moment(segment.toNs)}`}</title>
    </rect>
  );
}

/** Terms where they change, unless the segment is too narrow for the figure. */
function placeTerms(segments: readonly RoleSegment[], scale: TimeScale) {
  let shown: number | null = null;
  return segments.flatMap((segment) => {
    if (segment.term === null || segment.term === shown) return [];
    const x = scale.toX(segment.fromNs) + 3;
    const room = scale.toX(segment.toNs) - x;
    if (room < String(segment.term).length * charWidth + 2) return [];
    shown = segment.term;
    return [{ x, segment }];
  });
}

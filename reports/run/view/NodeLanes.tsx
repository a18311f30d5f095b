import { linearScale } from "../../ui/scale.ts";
import type { RunDigest } from "../digest/types.ts";
import { RoleLegend } from "./RoleLegend.tsx";
import { Roles, roleLaneHeight } from "./Roles.tsx";
import { gutter } from "./timeView.ts";

interface Props {
  digest: RunDigest;
  rangeS: readonly [number, number];
  width: number;
}

/** What each node was over time, on the axis of the charts. */
export function NodeLanes({ digest, rangeS, width }: Props) {
  if (digest.nodes.length === 0) return null;
  const [fromNs, toNs] = [rangeS[0] * 1e9, rangeS[1] * 1e9];
  const scale = linearScale(fromNs, toNs, gutter.left, width - gutter.right);
  const lanes = digest.nodes.map((lane) => ({
    node: lane.node,
    segments: lane.segments.filter((segment) => segment.fromNs < toNs && segment.toNs > fromNs),
  }));
  const height = lanes.length * roleLaneHeight;
  return (
    <>
      <h3 class="chart-title">
        Roles <small>as observed; figures are terms</small> <RoleLegend lanes={digest.nodes} />
      </h3>
      <svg width={width} height={height} role="img" aria-label="Role and term of each node over time">
        <Roles lanes={lanes} scale={scale} labelX={gutter.left - 10} top={2} />
      </svg>
    </>
  );
}

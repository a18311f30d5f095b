import type { ViolationScene } from "../../digest/types.ts";
import { formatMoment } from "../format.ts";
import { linearScale } from "../scale.ts";
import { gutter } from "../timeView.ts";

interface Props {
  violations: readonly ViolationScene[];
  rangeS: readonly [number, number];
  width: number;
}

/** Where in the run the contradictions lie: a cross at the last operation of each. */
export function ViolationMarks({ violations, rangeS, width }: Props) {
  if (violations.length === 0) return null;
  const [fromNs, toNs] = [rangeS[0] * 1e9, rangeS[1] * 1e9];
  const scale = linearScale(fromNs, toNs, gutter.left, width - gutter.right);
  return (
    <svg width={width} height="20" role="img" aria-label="When the contradictions happened">
      <text x={gutter.left - 10} y="14" text-anchor="end" class="lane-label">
        invalid
      </text>
      {violations.map((violation) => {
        const atNs = Math.max(...violation.operations.map((operation) => operation.invokedAtNs));
        if (atNs < fromNs || atNs > toNs) return null;
        return (
          <g
            key={`${violation.checker} ${violation.kind} ${violation.operations.map(({ index }) => index).join(" ")}`}
            transform={`translate(${scale.toX(atNs)} 9)`}
            class="violation-mark"
          >
            <path d="M-4 -4 4 4M4 -4 -4 4" />
            <title>{`${violation.kind}${violation.key === null ? "" : ` on ${violation.key}`} at ${formatMoment(atNs)}`}</title>
          </g>
        );
      })}
    </svg>
  );
}

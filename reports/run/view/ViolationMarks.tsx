import { moment } from "../../../analysis/words.ts";
import { linearScale } from "../../ui/scale.ts";
import type { RunDigest, ViolationScene } from "../digest/types.ts";
import { gutter } from "./timeView.ts";

interface Props {
  digest: Pick<RunDigest, "violations" | "inside">;
  rangeS: readonly [number, number];
  width: number;
}

/** Where in the run it went wrong: a cross at the last operation of each contradiction, and where an invariant was broken. */
export function ViolationMarks({ digest, rangeS, width }: Props) {
  const marks = marksOf(digest);
  if (marks.length === 0) return null;
  const [fromNs, toNs] = [rangeS[0] * 1e9, rangeS[1] * 1e9];
  const scale = linearScale(fromNs, toNs, gutter.left, width - gutter.right);
  return (
    <svg width={width} height="20" role="img" aria-label="When it went wrong">
      <text x={gutter.left - 10} y="14" text-anchor="end" class="lane-label">
        invalid
      </text>
      {marks.map(({ key, atNs, title }) =>
        atNs < fromNs || atNs > toNs ? null : (
          <g key={key} transform={`translate(${scale.toX(atNs)} 9)`} class="violation-mark">
            <path d="M-4 -4 4 4M4 -4 -4 4" />
            <title>{title}</title>
          </g>
        ),
      )}
    </svg>
  );
}

function marksOf({ violations, inside }: Props["digest"]) {
  const broken = inside && {
    key: inside.invariant,
    atNs: inside.atNs,
    title: `${inside.invariant} broken at ${moment(inside.atNs)}`,
  };
  return [...violations.map(markOf), ...(broken ? [broken] : [])];
}

function markOf({ checker, kind, key, operations }: ViolationScene) {
  const atNs = Math.max(...operations.map(({ invokedAtNs }) => invokedAtNs));
  const title = `${kind}${key === null ? "" : ` on ${key}`} at ${moment(atNs)}`;
  return { key: `${checker} ${kind} ${operations.map(({ index }) => index).join(" ")}`, atNs, title };
}

import type { Arrow } from "../arrows.ts";

/** An arrow from the operation that must come first, with its number in the list of reasons. */
export function ForcedOrder({ arrow }: { arrow: Arrow }) {
  const kind = arrow.impossible ? "impossible" : "forced";
  return (
    <g class={`order ${kind}`}>
      <path d={arrow.path} class="wide" />
      <path d={arrow.path} class="line" marker-end={`url(#arrow-${kind})`} />
      <circle cx={arrow.badge.x} cy={arrow.badge.y} r="8.5" />
      <text x={arrow.badge.x} y={arrow.badge.y + 4} text-anchor="middle">
        {arrow.number}
      </text>
      <title>{arrow.why}</title>
    </g>
  );
}

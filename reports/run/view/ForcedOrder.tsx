import type { Arrow } from "./arrows.ts";

/** An arrow from the operation that must come first. */
export function OrderLine({ arrow }: { arrow: Arrow }) {
  return (
    <g class={`order ${kindOf(arrow)}`}>
      <path d={arrow.path} class="wide" />
      <path d={arrow.path} class="line" marker-end={`url(#arrow-${kindOf(arrow)})`} />
      <title>{arrow.why}</title>
    </g>
  );
}

/** The arrow's number in the list of reasons; drawn after all bars and arrows, to lie on top. */
export function OrderBadge({ arrow }: { arrow: Arrow }) {
  return (
    <g class={`order-badge ${kindOf(arrow)}`}>
      <circle cx={arrow.badge.x} cy={arrow.badge.y} r="8.5" />
      <text x={arrow.badge.x} y={arrow.badge.y + 4} text-anchor="middle">
        {arrow.number}
      </text>
      <title>{arrow.why}</title>
    </g>
  );
}

function kindOf(arrow: Arrow): string {
  return arrow.impossible ? "impossible" : "forced";
}

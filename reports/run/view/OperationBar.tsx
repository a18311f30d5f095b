import { duration, moment } from "../../../analysis/words.ts";
import { describeOperation } from "./describe.ts";
import { barHeight, type PlacedOperation } from "./violationLayout.ts";

/** An operation from invocation to completion; one whose outcome is unknown fades out. */
export function OperationBar({ placed }: { placed: PlacedOperation }) {
  const { operation, x1, x2, y, label, labelX, labelY, culprit } = placed;
  const open = operation.completedAtNs === undefined;
  return (
    <g class={`operation ${operation.outcome}${culprit ? " culprit" : ""}`}>
      <rect x={x1} y={y} width={x2 - x1} height={barHeight} rx="2" class={open ? "open" : "closed"} />
      <line x1={x1} x2={x1} y1={y - 2} y2={y + barHeight + 2} class="invocation" />
      <text x={labelX} y={labelY} class="operation-label">
        {label}
      </text>
      <title>{hoverText(placed)}</title>
    </g>
  );
}

function hoverText({ operation }: PlacedOperation): string {
  const { index, process, node, invokedAtNs, completedAtNs, error } = operation;
  const took =
    completedAtNs === undefined ? "never completed" : `took ${duration((completedAtNs - invokedAtNs) / 1e6)}`;
  const where = node === undefined ? "" : ` on ${node}`;
  return `#${index} process ${process}${where}: ${describeOperation(operation)}, invoked at ${moment(invokedAtNs)}, ${took}${error ? `, ${error}` : ""}`;
}

import type { OperationView } from "../../../analysis/results.ts";
import { linearScale, stretchedScale, type TimeScale } from "../../ui/scale.ts";
import type { ViolationScene } from "../digest/types.ts";
import { describeOperation, drawn } from "./describe.ts";

export const barHeight = 16;
const labelHeight = 18;
const lanePadding = 18;
const charWidth = 8;
const narrowestBar = 40;

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

export interface PlacedOperation {
  readonly operation: OperationView;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly label: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly labelWidth: number;
  /** The answer that should not have been given, where a single one is to blame. */
  readonly culprit: boolean;
}

export interface Lane {
  readonly process: number;
  readonly nodes: readonly string[];
  readonly top: number;
  readonly height: number;
  readonly operations: readonly PlacedOperation[];
}

/** An even scale where it shows every operation wide enough to point at, a stretched one otherwise. */
export function violationScale(violation: ViolationScene, { left, right }: Frame): { scale: TimeScale; even: boolean } {
  const even = linearScale(violation.fromNs, violation.toNs, left, right);
  const wideEnough = violation.operations.every(
    ({ invokedAtNs, completedAtNs }) =>
      completedAtNs === undefined || even.toX(completedAtNs) - even.toX(invokedAtNs) >= narrowestBar,
  );
  if (wideEnough) return { scale: even, even: true };
  const moments = violation.operations.flatMap(({ invokedAtNs, completedAtNs }) => [
    invokedAtNs,
    ...(completedAtNs === undefined ? [] : [completedAtNs]),
  ]);
  return { scale: stretchedScale([violation.fromNs, ...moments, violation.toNs], left, right), even: false };
}

/** One lane a process, by first invocation; labels above the bars, stacked where they would overlap. */
export function layOutLanes(violation: ViolationScene, scale: TimeScale, frame: Frame): Lane[] {
  const inOrder = violation.operations.toSorted((a, b) => a.invokedAtNs - b.invokedAtNs);
  const processes = [...new Set(inOrder.map((operation) => operation.process))];
  const culprit = culpritOf(violation);
  let top = frame.top;
  return processes.map((process) => {
    const operations = inOrder.filter((operation) => operation.process === process);
    const rows = labelRows(violation, operations, culprit, scale, frame);
    const rowCount = Math.max(...rows.map(({ row }) => row)) + 1;
    const y = top + rowCount * labelHeight + 2;
    const placed = rows.map(({ operation, label, labelX, row }): PlacedOperation => {
      const { x1, x2 } = barEnds(operation, scale, frame);
      const labelY = y - 5 - row * labelHeight;
      const labelWidth = label.length * charWidth;
      return { operation, x1, x2, y, label, labelX, labelY, labelWidth, culprit: operation === culprit };
    });
    const height = rowCount * labelHeight + barHeight + lanePadding;
    const lane = { process, nodes: nodesOf(operations), top, height, operations: placed };
    top += height;
    return lane;
  });
}

function barEnds(operation: OperationView, scale: TimeScale, frame: Frame) {
  const x1 = scale.toX(operation.invokedAtNs);
  const x2 = operation.completedAtNs === undefined ? frame.right : scale.toX(operation.completedAtNs);
  return { x1, x2: Math.max(x1 + 4, x2) };
}

function labelRows(
  violation: ViolationScene,
  operations: readonly OperationView[],
  culprit: OperationView | undefined,
  scale: TimeScale,
  frame: Frame,
) {
  const rowEnds: number[] = [];
  return operations.map((operation) => {
    const name = violation.names[violation.operations.indexOf(operation)];
    const told = name === undefined ? labelOf(operation) : `${name}: ${labelOf(operation)}`;
    const label = operation === culprit ? `${told} ✗` : told;
    const width = label.length * charWidth;
    const labelX = Math.max(frame.left, Math.min(scale.toX(operation.invokedAtNs), frame.right - width));
    const free = rowEnds.findIndex((end) => end + 8 <= labelX);
    const row = free === -1 ? rowEnds.length : free;
    rowEnds[row] = labelX + width;
    return { operation, label, labelX, row };
  });
}

function labelOf(operation: OperationView): string {
  const what = describeOperation(operation, drawn);
  if (operation.outcome === "ok") return what;
  return operation.outcome === "fail" ? `${what} failed` : `${what} - outcome unknown`;
}

function nodesOf(operations: readonly OperationView[]): string[] {
  return [...new Set(operations.flatMap(({ node }) => (node === undefined ? [] : [node])))];
}

/** Of a violation about one read (stale, phantom, …) that read, which is the last. */
function culpritOf({ kind, operations }: ViolationScene): OperationView | undefined {
  if (!kind.endsWith("-read")) return undefined;
  const reads = operations.filter((operation) => operation.f === "read");
  return reads.toSorted((a, b) => a.invokedAtNs - b.invokedAtNs).at(-1);
}

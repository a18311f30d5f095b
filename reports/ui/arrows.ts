import type { ViolationScene } from "../digest/types.ts";
import { barHeight, type Lane, type PlacedOperation } from "./violationLayout.ts";

export interface Arrow {
  readonly number: number;
  readonly why: string;
  readonly path: string;
  readonly badge: { readonly x: number; readonly y: number };
  /** The order demands an operation to come before one that had ended when it began: no time line allows it. */
  readonly impossible: boolean;
}

type Point = readonly [x: number, y: number];

/** An arrow for each forced order, numbered as in the list below the drawing. */
export function layOutArrows(violation: ViolationScene, lanes: readonly Lane[]): Arrow[] {
  const placed = new Map(lanes.flatMap((lane) => lane.operations).map((place) => [place.operation.index, place]));
  return violation.orders.flatMap((order, at) => {
    const before = placed.get(order.before);
    const after = placed.get(order.after);
    if (!before || !after) return [];
    const impossible = (after.operation.completedAtNs ?? Infinity) < before.operation.invokedAtNs;
    const curve = before.x2 <= after.x1 ? forward(before, after) : across(before, after);
    const path = `M${curve[0]} C${curve[1]} ${curve[2]} ${curve[3]}`;
    return [{ number: at + 1, why: order.why, path, badge: middle(curve), impossible }];
  });
}

/** From the end of one bar to the start of a later one. */
function forward(before: PlacedOperation, after: PlacedOperation): readonly [Point, Point, Point, Point] {
  const from: Point = [before.x2 + 1, before.y + barHeight / 2];
  const to: Point = [after.x1 - 2, after.y + barHeight / 2];
  const bend = Math.max(24, (to[0] - from[0]) / 2);
  return before.y === after.y ? [from, from, to, to] : [from, [from[0] + bend, from[1]], [to[0] - bend, to[1]], to];
}

/** Between bars that overlap in time, or backwards: through the facing edges, or around below in one lane. */
function across(before: PlacedOperation, after: PlacedOperation): readonly [Point, Point, Point, Point] {
  const x1 = (before.x1 + before.x2) / 2;
  const x2 = (after.x1 + after.x2) / 2;
  if (before.y === after.y) {
    const y = before.y + barHeight + 1;
    return [
      [x1, y],
      [x1, y + 26],
      [x2, y + 26],
      [x2, y],
    ];
  }
  const down = after.y > before.y;
  const y1 = down ? before.y + barHeight + 1 : before.y - 1;
  const y2 = down ? after.y - 2 : after.y + barHeight + 2;
  const bend = Math.max(30, Math.abs(y2 - y1) * 0.6) * (down ? 1 : -1);
  return [
    [x1, y1],
    [x1, y1 + bend],
    [x2, y2 - bend],
    [x2, y2],
  ];
}

function middle([a, b, c, d]: readonly [Point, Point, Point, Point]): { x: number; y: number } {
  const at = (axis: 0 | 1) => (a[axis] + 3 * b[axis] + 3 * c[axis] + d[axis]) / 8;
  return { x: at(0), y: at(1) };
}

import { barHeight, type PlacedOperation } from "./violationLayout.ts";

export interface Spot {
  readonly x: number;
  readonly y: number;
}
type Point = readonly [x: number, y: number];
/** A cubic Bézier curve: start, two control points, end. */
export type Curve = readonly [Point, Point, Point, Point];

/** From the end of one bar to the start of a later one: even, late or early to change lanes; in one lane also below. */
export function forwardCurves(before: PlacedOperation, after: PlacedOperation): readonly Curve[] {
  const from: Point = [before.x2 + 1, before.y + barHeight / 2];
  const to: Point = [after.x1 - 2, after.y + barHeight / 2];
  if (before.y === after.y) {
    return [0, 40].map((sag) => [from, [from[0] + sag, from[1] + sag], [to[0] - sag, to[1] + sag], to]);
  }
  const length = Math.max(48, to[0] - from[0]);
  const bends = [
    [0.5, 0.5],
    [0.95, 0.1],
    [1, 0],
    [0.1, 0.95],
    [0, 1],
  ] as const;
  return bends.map(([out, into]) => [from, [from[0] + length * out, from[1]], [to[0] - length * into, to[1]], to]);
}

/** Between bars that overlap in time: straight down or up, late in the overlap or earlier. */
export function acrossCurves(before: PlacedOperation, after: PlacedOperation): readonly Curve[] {
  const overlapFrom = Math.max(before.x1, after.x1);
  const overlapTo = Math.min(before.x2, after.x2);
  const down = after.y > before.y;
  return [0.8, 0.9, 0.7, 0.97, 0.6, 0.5, 0.4].map((share) => {
    const x = overlapFrom + (overlapTo - overlapFrom) * share;
    const from: Point = [x, down ? before.y + barHeight + 1 : before.y - 1];
    const to: Point = [x, down ? after.y - 2 : after.y + barHeight + 2];
    return [from, from, to, to];
  });
}

/** Backwards in time: below both bars, each such arrow further down than the one before. */
export function aroundCurve(before: PlacedOperation, after: PlacedOperation, earlier: number): Curve {
  const x1 = (before.x1 + before.x2) / 2;
  const x2 = (after.x1 + after.x2) / 2;
  const depth = Math.max(before.y, after.y) + barHeight + 30 + earlier * 12;
  return [
    [x1, before.y + barHeight + 1],
    [x1, depth],
    [x2, depth],
    [x2, after.y + barHeight + 2],
  ];
}

export function pathOf([from, ...rest]: Curve): string {
  return `M${from} C${rest.join(" ")}`;
}

export function pointAt([a, b, c, d]: Curve, t: number): Spot {
  const u = 1 - t;
  const at = (axis: 0 | 1) => u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
  return { x: at(0), y: at(1) };
}

import type { ViolationScene } from "../digest/types.ts";
import { barHeight, type Lane, type PlacedOperation } from "./violationLayout.ts";

export interface Arrow {
  readonly number: number;
  readonly why: string;
  readonly path: string;
  readonly badge: Spot;
  readonly lowestY: number;
  /** The order demands an operation to come before one that had ended when it began: no time line allows it. */
  readonly impossible: boolean;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}
type Point = readonly [x: number, y: number];
type Curve = readonly [Point, Point, Point, Point];

/** An arrow for each forced order, numbered as in the list below the drawing. */
export function layOutArrows(violation: ViolationScene, lanes: readonly Lane[]): Arrow[] {
  const all = lanes.flatMap((lane) => lane.operations);
  const placed = new Map(all.map((place) => [place.operation.index, place]));
  const badges: Spot[] = [];
  let backward = 0;
  return violation.orders.flatMap((order, at) => {
    const before = placed.get(order.before);
    const after = placed.get(order.after);
    if (!before || !after) return [];
    const impossible = (after.operation.completedAtNs ?? Infinity) < before.operation.invokedAtNs;
    const curve = impossible
      ? around(before, after, backward++)
      : before.x2 <= after.x1
        ? forward(before, after, all)
        : across(before, after, all);
    const path = `M${curve[0]} C${curve[1]} ${curve[2]} ${curve[3]}`;
    const badge = freeSpot(curve, badges, all);
    badges.push(badge);
    const lowestY = Math.max(...[0.3, 0.5, 0.7, 1].map((share) => pointAt(curve, share).y));
    return [{ number: at + 1, why: order.why, path, badge, lowestY, impossible }];
  });
}

/** From the end of one bar to the start of a later one; in one lane straight, or under what lies between. */
function forward(before: PlacedOperation, after: PlacedOperation, all: readonly PlacedOperation[]): Curve {
  const from: Point = [before.x2 + 1, before.y + barHeight / 2];
  const to: Point = [after.x1 - 2, after.y + barHeight / 2];
  if (before.y === after.y) {
    const blocked = all.some((other) => other.y === before.y && other.x1 >= before.x2 && other.x2 <= after.x1);
    const sag = blocked ? 34 : 0;
    return [from, [from[0] + sag, from[1] + sag], [to[0] - sag, to[1] + sag], to];
  }
  const bend = Math.max(24, (to[0] - from[0]) / 2);
  return [from, [from[0] + bend, from[1]], [to[0] - bend, to[1]], to];
}

/** Between bars that overlap in time: straight down or up, late in the overlap, where it runs through no label. */
function across(before: PlacedOperation, after: PlacedOperation, all: readonly PlacedOperation[]): Curve {
  const overlapFrom = Math.max(before.x1, after.x1);
  const overlapTo = Math.min(before.x2, after.x2);
  const [upper, lower] = after.y > before.y ? [before, after] : [after, before];
  const between = all.filter((other) => other.labelY > upper.y && other.labelY < lower.y);
  const candidates = [0.8, 0.9, 0.7, 0.97, 0.6, 0.5].map((share) => overlapFrom + (overlapTo - overlapFrom) * share);
  const free = candidates.find((x) =>
    between.every(({ labelX, labelWidth }) => x < labelX - 4 || x > labelX + labelWidth + 4),
  );
  const x = free ?? candidates[0]!;
  const from: Point = [x, upper === before ? before.y + barHeight + 1 : before.y - 1];
  const to: Point = [x, upper === before ? after.y - 2 : after.y + barHeight + 2];
  return [from, from, to, to];
}

/** Backwards in time: below both bars, each arrow further down than the one before. */
function around(before: PlacedOperation, after: PlacedOperation, earlier: number): Curve {
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

/** The place nearest to the middle of a curve that neither an earlier badge nor a label covers. */
function freeSpot(curve: Curve, taken: readonly Spot[], all: readonly PlacedOperation[]): Spot {
  const spots = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map((share) => pointAt(curve, share));
  const isFree = (spot: Spot) =>
    taken.every(({ x, y }) => Math.hypot(spot.x - x, spot.y - y) > 20) && all.every((place) => !onLabel(spot, place));
  return spots.find(isFree) ?? spots[0]!;
}

function onLabel({ x, y }: Spot, { labelX, labelY, labelWidth }: PlacedOperation): boolean {
  const radius = 9;
  return x > labelX - radius && x < labelX + labelWidth + radius && y > labelY - 11 - radius && y < labelY + 3 + radius;
}

function pointAt([a, b, c, d]: Curve, t: number): Spot {
  const u = 1 - t;
  const at = (axis: 0 | 1) => u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
  return { x: at(0), y: at(1) };
}

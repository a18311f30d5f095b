import type { ViolationScene } from "../digest/types.ts";
import { acrossCurves, aroundCurve, type Curve, forwardCurves, pathOf, pointAt, type Spot } from "./curves.ts";
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

/** How far from a box the centre of a badge has to stay. */
const badgeRadius = 9;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An arrow for each forced order, numbered as in the list below the drawing, clear of bars and labels where it can be. */
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
    const others = all.filter((place) => place !== before && place !== after);
    const boxes = [...others.map(barBox), ...all.map(labelBox)];
    const curve = impossible ? aroundCurve(before, after, backward++) : clearest(candidates(before, after), boxes);
    const badge = freeSpot(curve, badges, [...all.map(barBox), ...all.map(labelBox)]);
    badges.push(badge);
    const lowestY = Math.max(...[0.3, 0.5, 0.7, 1].map((share) => pointAt(curve, share).y));
    return [{ number: at + 1, why: order.why, path: pathOf(curve), badge, lowestY, impossible }];
  });
}

function candidates(before: PlacedOperation, after: PlacedOperation): readonly Curve[] {
  return before.x2 <= after.x1 ? forwardCurves(before, after) : acrossCurves(before, after);
}

/** The curve that runs least through boxes; of equals the first. */
function clearest(curves: readonly Curve[], boxes: readonly Box[]): Curve {
  const shares = Array.from({ length: 39 }, (_, at) => (at + 1) / 40);
  const hits = (curve: Curve) =>
    shares.filter((share) => boxes.some((box) => isWithin(pointAt(curve, share), box, 2))).length;
  return curves
    .map((curve) => ({ curve, hits: hits(curve) }))
    .reduce((best, other) => (other.hits < best.hits ? other : best)).curve;
}

/** The place nearest to the middle of a curve that neither an earlier badge, nor a bar, nor a label covers. */
function freeSpot(curve: Curve, taken: readonly Spot[], boxes: readonly Box[]): Spot {
  const spots = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map((share) => pointAt(curve, share));
  const isApart = (spot: Spot) => taken.every(({ x, y }) => Math.hypot(spot.x - x, spot.y - y) > 2 * badgeRadius + 2);
  const isFree = (spot: Spot) => isApart(spot) && !boxes.some((box) => isWithin(spot, box, badgeRadius));
  return spots.find(isFree) ?? spots.find(isApart) ?? spots[0]!;
}

function isWithin({ x, y }: Spot, { left, right, top, bottom }: Box, margin: number): boolean {
  return x > left - margin && x < right + margin && y > top - margin && y < bottom + margin;
}

function barBox({ x1, x2, y }: PlacedOperation): Box {
  return { left: x1, right: x2, top: y, bottom: y + barHeight };
}

function labelBox({ labelX, labelY, labelWidth }: PlacedOperation): Box {
  return { left: labelX, right: labelX + labelWidth, top: labelY - 11, bottom: labelY + 3 };
}

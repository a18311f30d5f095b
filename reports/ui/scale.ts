/** Places moments on a horizontal axis. */
export interface TimeScale {
  toX(ns: number): number;
  /** Every stretch of the axis that keeps one pace; only a stretched scale has more than one. */
  readonly pieces: readonly Piece[];
}

export interface Piece {
  readonly fromNs: number;
  readonly toNs: number;
  readonly fromX: number;
  readonly toX: number;
}

/** How strongly long pauses shrink: widths grow with this power of time. */
const compression = 0.25;

export function linearScale(fromNs: number, toNs: number, fromX: number, toX: number): TimeScale {
  return scaleOf([{ fromNs, toNs, fromX, toX }]);
}

/**
 * Operations of milliseconds, seconds apart, on one screen: between neighbouring moments time runs evenly, but long
 * pauses are narrower than they would be. Order is kept; lengths are comparable only within a piece.
 */
export function stretchedScale(momentsNs: readonly number[], fromX: number, toX: number): TimeScale {
  const knots = [...new Set(momentsNs)].sort((a, b) => a - b);
  const weights = knots.slice(1).map((knot, at) => (knot - knots[at]!) ** compression);
  const perWeight = (toX - fromX) / weights.reduce((sum, weight) => sum + weight, 0);
  let x = fromX;
  const pieces = weights.map((weight, at): Piece => {
    const piece = { fromNs: knots[at]!, toNs: knots[at + 1]!, fromX: x, toX: x + weight * perWeight };
    x = piece.toX;
    return piece;
  });
  return scaleOf(pieces);
}

/** Round moments for the ticks of an evenly running axis, in seconds. */
export function niceTicks(fromS: number, toS: number, most: number): number[] {
  const rough = (toS - fromS) / most;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * ([1, 2, 5, 10].find((factor) => decade * factor >= rough) ?? 10);
  const first = Math.ceil(fromS / step - 1e-9);
  const last = Math.floor(toS / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function scaleOf(pieces: readonly Piece[]): TimeScale {
  const toX = (ns: number): number => {
    const piece = pieces.find((candidate) => ns <= candidate.toNs) ?? pieces.at(-1)!;
    const share = (ns - piece.fromNs) / (piece.toNs - piece.fromNs || 1);
    return piece.fromX + Math.min(1, Math.max(0, share)) * (piece.toX - piece.fromX);
  };
  return { toX, pieces };
}

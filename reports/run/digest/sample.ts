/** Points of one stretch of time that always stay: the lowest, the highest, and two in between. */
const pointsPerCell = 4;

/**
 * Positions of at most `most` points, in order of time. Time is cut into equal cells; of a cell with more points than
 * its share, those at evenly spaced ranks of `values` stay, so that the lowest and the highest of each always do.
 */
export function samplePoints(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  duration: number,
  most: number,
): number[] {
  const kept =
    times.length <= most
      ? Array.from(times, (_, at) => at)
      : cells(times, duration, Math.floor(most / pointsPerCell)).flatMap((cell) => thin(cell, values));
  return kept.sort((a, b) => times[a]! - times[b]! || a - b);
}

function cells(times: ArrayLike<number>, duration: number, count: number): number[][] {
  const filled = Array.from({ length: count }, (): number[] => []);
  for (let at = 0; at < times.length; at++) {
    const cell = Math.min(count - 1, Math.floor((times[at]! / duration) * count));
    filled[cell]!.push(at);
  }
  return filled;
}

function thin(cell: readonly number[], values: ArrayLike<number>): number[] {
  if (cell.length <= pointsPerCell) return [...cell];
  const ranked = cell.toSorted((a, b) => values[a]! - values[b]!);
  return Array.from({ length: pointsPerCell }, (_, i) => {
    const rank = Math.round((i * (ranked.length - 1)) / (pointsPerCell - 1));
    return ranked[rank]!;
  });
}

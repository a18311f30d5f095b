/** Points of one stretch of time that always stay: the lowest, the highest, and two in between. */
const pointsPerCell = 4;

/**
 * Positions of at most `most` points, in order of time. Time is cut into equal cells; of a cell with more points than
 * its share, those at evenly spaced ranks of `values` stay, so that the lowest and the highest of each always do.
 */
export function samplePoints(
  times: readonly number[],
  values: readonly number[],
  duration: number,
  most: number,
): number[] {
  const all = times.map((_, at) => at);
  const kept =
    all.length <= most
      ? all
      : cells(times, duration, Math.floor(most / pointsPerCell)).flatMap((cell) => thin(cell, values));
  return kept.sort((a, b) => times[a]! - times[b]! || a - b);
}

function cells(times: readonly number[], duration: number, count: number): number[][] {
  const filled = Array.from({ length: count }, (): number[] => []);
  times.forEach((time, at) => {
    const cell = Math.min(count - 1, Math.floor((time / duration) * count));
    filled[cell]!.push(at);
  });
  return filled;
}

function thin(cell: readonly number[], values: readonly number[]): number[] {
  if (cell.length <= pointsPerCell) return [...cell];
  const ranked = cell.toSorted((a, b) => values[a]! - values[b]!);
  return Array.from({ length: pointsPerCell }, (_, i) => {
    const rank = Math.round((i * (ranked.length - 1)) / (pointsPerCell - 1));
    return ranked[rank]!;
  });
}

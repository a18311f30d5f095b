/**
 * How many operations of each group of unknown outcome were used: pairs of group and count, by group, without zeros.
 * Never changed once made.
 */
export type Used = Int32Array;

export const nothingUsed: Used = new Int32Array(0);

export function usedOf(used: Used, group: number): number {
  for (let at = 0; at < used.length; at += 2) if (used[at] === group) return used[at + 1]!;
  return 0;
}

/** One more of a group. */
export function withOneMore(used: Used, group: number): Used {
  let at = 0;
  while (at < used.length && used[at]! < group) at += 2;
  if (used[at] === group) {
    const more = used.slice();
    more[at + 1]!++;
    return more;
  }
  const more = new Int32Array(used.length + 2);
  more.set(used.subarray(0, at));
  more[at] = group;
  more[at + 1] = 1;
  more.set(used.subarray(at), at + 2);
  return more;
}

/** Whether the first used no more of any group than the second: it can still do all that the second can. */
export function usesNoMore(first: Used, second: Used): boolean {
  let other = 0;
  for (let at = 0; at < first.length; at += 2) {
    while (other < second.length && second[other]! < first[at]!) other += 2;
    if (second[other] !== first[at] || second[other + 1]! < first[at + 1]!) return false;
  }
  return true;
}

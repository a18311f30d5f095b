import { anyRw } from "./graph.ts";

interface Step {
  readonly node: number;
  readonly type: number;
}

/**
 * A closed walk without two rw edges in a row may pass a transaction twice. Then one of its two halves is such a walk
 * as well: were the seam of both of them rw after rw, the walk itself would have had two in a row there.
 */
export function simplify(walk: readonly Step[]): readonly Step[] {
  for (let from = 0; from < walk.length; from++) {
    const again = walk.findIndex((step, at) => at > from && step.node === walk[from]!.node);
    if (again < 0) continue;
    const inner = walk.slice(from, again);
    const outer = [...walk.slice(again), ...walk.slice(0, from)];
    const seamed = [inner, outer].filter(alternates).sort((a, b) => a.length - b.length);
    return simplify(seamed[0] ?? inner);
  }
  return walk;
}

function alternates(walk: readonly Step[]): boolean {
  const isRw = (step: Step | undefined): boolean => step !== undefined && (step.type & anyRw) !== 0;
  return walk.every((step, at) => !(isRw(step) && isRw(walk[at + 1] ?? walk[0])));
}

import type { HistoryEvent } from "../../../history/event.ts";
import { type ObjectOperation, objectOperations } from "../operations.ts";

/** A sequential object. A state is JSON text. */
export interface SequentialObject {
  readonly initial: string;
  /** The states after an operation on a state, with the answer it got if that is known; none: it cannot be there. */
  step(state: string, op: ObjectOperation): string | null;
}

/**
 * Whether some order of a small history's operations, each within its time, explains them all. Operations of unknown
 * outcome may be left out. Tries every order.
 */
export function explains(object: SequentialObject, events: readonly HistoryEvent[]): boolean {
  const operations = objectOperations(events).filter(({ outcome }) => outcome !== "fail");
  const deadEnds = new Set<string>();
  const search = (done: number, state: string): boolean => {
    const left = operations.filter((_, i) => (done & (1 << i)) === 0);
    if (left.every(({ ret }) => ret === Infinity)) return true;
    const here = `${done} ${state}`;
    if (deadEnds.has(here)) return false;
    deadEnds.add(here);
    const firstEnd = Math.min(...left.map(({ ret }) => ret));
    return operations.some((op, i) => {
      if ((done & (1 << i)) !== 0 || op.inv > firstEnd) return false;
      const next = object.step(state, op);
      return next !== null && search(done | (1 << i), next);
    });
  };
  return search(0, object.initial);
}

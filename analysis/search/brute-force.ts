import { illegal, type Model, type TimedOperation } from "../models/model.ts";

/** Above this, trying every order may take too long. */
export const bruteForceLimit = 20;

/**
 * Whether some order of the operations, each within its time, explains them all from one of the states; those of
 * unknown outcome may be left out. Tries every order. The independent opinion on the search, so it shares no code with
 * it and is not made fast.
 */
export function explainable(model: Model, operations: readonly TimedOperation[], starts: readonly unknown[]): boolean {
  if (operations.length > bruteForceLimit) throw new RangeError(`more than ${bruteForceLimit} operations`);
  const alternatives = operations.map((operation) =>
    operation.outcome === "info" ? (model.guesses?.(operation, operations) ?? [operation]) : [operation],
  );
  const mustHappen = operations.reduce((set, { ret }, i) => (ret === Infinity ? set : set | (1 << i)), 0);
  const deadEnds = new Set<string>();
  const search = (done: number, state: unknown): boolean => {
    if ((done & mustHappen) === mustHappen) return true;
    const here = `${done} ${JSON.stringify(state)}`;
    if (deadEnds.has(here)) return false;
    deadEnds.add(here);
    return operations.some((operation, i) => {
      if ((done & (1 << i)) !== 0) return false;
      const overdue = operations.some((other, j) => (done & (1 << j)) === 0 && other.ret < operation.inv);
      if (overdue) return false;
      return alternatives[i]!.some((alternative) => {
        const next = model.step(state, alternative);
        return next !== illegal && search(done | (1 << i), next);
      });
    });
  };
  return starts.some((start) => search(0, start));
}

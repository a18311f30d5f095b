/** An operation on a register as the brute force sees it. Values are any numbers; `ret` Infinity: outcome unknown. */
export interface SmallOperation {
  readonly kind: "read" | "write" | "cas" | "refused";
  readonly inv: number;
  readonly ret: number;
  /** Read, compared with. */
  readonly from?: number;
  /** Written. */
  readonly to?: number;
}

/** Above this, trying every order may take too long. */
export const bruteForceLimit = 24;

/**
 * Whether some order of the operations, each within its time, explains them all; those of unknown outcome may be left
 * out. Tries every order. The independent opinion on the fast check, so it shares no code with it and is not made fast.
 */
export function linearizable(operations: readonly SmallOperation[], initial: number): boolean {
  if (operations.length > bruteForceLimit) throw new RangeError(`more than ${bruteForceLimit} operations`);
  const mustHappen = operations.reduce((set, op, i) => (op.ret === Infinity ? set : set | (1 << i)), 0);
  const deadEnds = new Set<string>();
  const search = (done: number, value: number): boolean => {
    if ((done & mustHappen) === mustHappen) return true;
    const state = `${done} ${value}`;
    if (deadEnds.has(state)) return false;
    deadEnds.add(state);
    return operations.some((op, i) => {
      if ((done & (1 << i)) !== 0) return false;
      const overdue = operations.some((other, j) => (done & (1 << j)) === 0 && other.ret < op.inv);
      if (overdue) return false;
      const next = apply(op, value);
      return next !== null && search(done | (1 << i), next);
    });
  };
  return search(0, initial);
}

function apply(op: SmallOperation, value: number): number | null {
  if (op.kind === "write") return op.to ?? null;
  if (op.kind === "refused") return op.from === value ? null : value;
  if (op.from !== value) return null;
  return op.kind === "read" ? value : (op.to ?? null);
}

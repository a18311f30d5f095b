import { searchOnce } from "./decide.ts";
import type { Problem, SearchOperation } from "./problem.ts";

/** What all attempts at making evidence smaller may cost. */
export interface ShrinkBudget {
  readonly nodes: number;
  readonly mayGoOn: () => boolean;
}

/** One attempt may cost this much; one that costs more is given up. */
const nodesAnAttempt = 20_000;

/** Attempts are cheap on small problems, and there must be an end of them on large ones. */
const maxAttempts = 2000;

/**
 * Makes a problem without an order smaller in ways that only weaken what it claims: pure operations are left out, and
 * others count as of unknown outcome. What is left with a known outcome contradicts each other, whatever the rest did.
 */
export function shrink(problem: Problem, budget: ShrinkBudget): Problem {
  const attempts = new Attempts(problem, budget);
  const pure = problem.operations.filter((operation) => operation.pure);
  attempts.reduce(pure, (operations, weakened) => operations.filter((operation) => !weakened.has(operation.place)));
  const demanding = attempts.best.operations.filter(({ ret, optional }) => ret !== Infinity && optional !== true);
  attempts.reduce(
    demanding.filter((operation) => !operation.pure),
    (operations, weakened) =>
      operations.map((operation) => (weakened.has(operation.place) ? unknown(operation) : operation)),
  );
  // With fewer others about, one more look at the observations may pay.
  attempts.reduce(
    attempts.best.operations.filter((operation) => operation.pure),
    (operations, weakened) => operations.filter((operation) => !weakened.has(operation.place)),
  );
  return attempts.best;
}

function unknown(operation: SearchOperation): SearchOperation {
  return { ...operation, ret: Infinity, optional: false };
}

type Weaken = (operations: readonly SearchOperation[], places: ReadonlySet<number>) => SearchOperation[];

class Attempts {
  best: Problem;
  readonly #budget: ShrinkBudget;
  #left = maxAttempts;

  constructor(problem: Problem, budget: ShrinkBudget) {
    this.best = problem;
    this.#budget = budget;
  }

  /** Weakens as many of the operations as it can: large chunks first, then halves of them, down to single ones. */
  reduce(operations: readonly SearchOperation[], weaken: Weaken): void {
    const left = operations.map(({ place }) => place);
    for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = left.length - size; from > -size; from -= size) {
        const at = Math.max(0, from);
        const chunk = left.slice(at, from + size);
        if (chunk.length > 0 && this.#holds(weaken, new Set(chunk))) left.splice(at, chunk.length);
      }
    }
  }

  #holds(weaken: Weaken, places: ReadonlySet<number>): boolean {
    if (this.#left-- <= 0 || !this.#budget.mayGoOn()) return false;
    const candidate = { ...this.best, operations: weaken(this.best.operations, places) };
    const nodes = Math.min(nodesAnAttempt, this.#budget.nodes);
    if (searchOnce(candidate, nodes, this.#budget.mayGoOn) !== "invalid") return false;
    this.best = candidate;
    return true;
  }
}

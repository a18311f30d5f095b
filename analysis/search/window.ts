import type { AnyState, Problem, SearchOperation } from "./problem.ts";
import type { Schedule } from "./schedule.ts";

/** How many returns windows reach back, the smallest first. */
export const windowSizes = [8, 32, 128, 512, 2048] as const;

/**
 * The operations around the last `size` returns up to the return `far`, as a weaker problem: it may begin in any state,
 * operations that were under way when the window begins may have taken effect before it, those that end after it need
 * not take effect, and operations of unknown outcome may be used again and again where states are few. Every order of the
 * whole history is one of the window, so when the window has none, neither has the history.
 */
export function windowOf(problem: Problem, schedule: Schedule, far: number, size: number, anyState: AnyState): Problem {
  const first = far - size;
  const from = first < 0 ? Number.NEGATIVE_INFINITY : schedule.returnTimes[first]!;
  const operations = cut(problem.operations, from, schedule.returnTimes[far]!);
  const starts = first < 0 ? problem.starts : anyState.starts;
  const unlimited = anyState.complete ? { unlimitedWithin: new Set(anyState.starts) } : {};
  return { machine: problem.machine, operations, starts, ...unlimited };
}

/** Everything up to a return, for which there is no order either. */
export function prefixOf(problem: Problem, schedule: Schedule, far: number): Problem {
  return { ...problem, operations: cut(problem.operations, Number.NEGATIVE_INFINITY, schedule.returnTimes[far]!) };
}

function cut(operations: readonly SearchOperation[], from: number, to: number): SearchOperation[] {
  return operations.flatMap((operation): SearchOperation[] => {
    const { inv, ret, pure } = operation;
    if (ret <= from || inv > to) return [];
    if (ret <= to && inv > from) return [operation];
    if (pure) return [];
    return [ret > to ? { ...operation, ret: Infinity } : { ...operation, optional: true }];
  });
}

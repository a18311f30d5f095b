import type { ComparedRun } from "../../../analysis/comparison.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Cell } from "./cells.ts";

/** A run that is due: which cell, and for the how manieth time. */
export interface DueRun {
  readonly cell: Cell;
  readonly repetition: number;
  readonly plan: Plan;
}

/**
 * The runs that are left to do, repetition by repetition, so that a slow minute of the machine meets all cells alike. Each
 * repetition begins with another cell: none is always the first after a pause.
 */
export function dueRuns(
  cells: readonly Cell[],
  repetitions: number,
  done: readonly Pick<ComparedRun, "values" | "repetition">[],
): readonly DueRun[] {
  const isDone = (cell: Cell, repetition: number): boolean =>
    done.some((run) => run.repetition === repetition && run.values.every((value, at) => value === cell.values[at]));
  return Array.from({ length: repetitions }, (_, repetition) => repetition).flatMap((repetition) => {
    const first = repetition % cells.length;
    return [...cells.slice(first), ...cells.slice(0, first)]
      .filter((cell) => !isDone(cell, repetition))
      .map((cell) => ({ cell, repetition, plan: cell.plan(repetition) }));
  });
}

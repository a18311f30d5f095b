import type { Axis } from "../../../analysis/comparison.ts";
import { makePlan, type Plan } from "../../plan/plan.ts";

export type Options = Readonly<Record<string, unknown>>;

/** One combination of the axes' values. */
export interface Cell {
  /** One of each axis. */
  readonly values: readonly string[];
  /** Its plan in a repetition. All cells of a repetition share seed and schedule. */
  plan(repetition: number): Plan;
}

export interface CellsRequest {
  readonly axes: readonly Axis[];
  /** What all cells share. */
  readonly options: Options;
  readonly seed: number;
}

/** Every combination of the axes' values. Throws an OptionError before anything runs where one of them makes no plan. */
export function cellsOf({ axes, options, seed }: CellsRequest): readonly Cell[] {
  const cells = combinations(axes).map((values): Cell => {
    const own = axes.reduce((before, { option }, at) => withValue(before, option, values[at]!), options);
    return { values, plan: (repetition) => makePlan({ ...own, name: nameOf(values), seed: seed + repetition }, 0) };
  });
  for (const cell of cells) cell.plan(0);
  return cells;
}

function combinations(axes: readonly Axis[]): readonly (readonly string[])[] {
  return axes.reduce<readonly (readonly string[])[]>(
    (before, { values }) => before.flatMap((head) => values.map((value) => [...head, value])),
    [[]],
  );
}

function withValue(options: Options, option: string, value: string): Options {
  if (!option.startsWith("set.")) return { ...options, [option]: value };
  const knobs = options["set"] as Options | undefined; // an object by the schema of the options, which reads it next
  return { ...options, set: { ...knobs, [option.slice("set.".length)]: value } };
}

/** A folder's name for the runs of a cell. */
function nameOf(values: readonly string[]): string {
  return `compare-${values.join("-").replaceAll(/[^\w.-]+/g, "-")}`;
}

import { findCycles } from "../../transactions/cycles.ts";
import { buildGraph, type EdgeSink, edgeTypes } from "../../transactions/graph.ts";
import type { ObjectOperation } from "../operations.ts";
import type { GrowingNumber } from "./observed-numbers.ts";

/** Operation i saw `number` lower than operation i + 1 did; the last one lower than the first. */
export type OrderCycle = readonly OrderStep[];

export interface OrderStep {
  readonly op: ObjectOperation;
  readonly number: string;
  readonly value: number;
  /** What the next operation saw. */
  readonly next: number;
}

/**
 * Operations that each saw several numbers, and contradict each other about the order in which those grew. Each number
 * orders the operations by what they saw of it; where all numbers are read at one instant, these orders have no cycle.
 */
export function orderCycles(numbers: readonly GrowingNumber[]): { cycles: readonly OrderCycle[]; groups: number } {
  const seen = new Map<ObjectOperation, Map<string, number>>();
  for (const { name, observations } of numbers) {
    for (const { op, value } of observations) {
      const values = seen.get(op) ?? new Map<string, number>();
      seen.set(op, values.set(name, value));
    }
  }
  const several = [...seen].filter(([, values]) => values.size > 1);
  const rows = new Map(several.map(([op], row) => [op, row]));
  const graph = buildGraph(several.length, [(sink) => orderByNumbers(sink, numbers, rows)]);
  const found = findCycles(graph, "data");
  const cycles = found.cycles.map(({ rows: cycle }) =>
    cycle.map((row, at) => stepOf(several[row]!, several[cycle[(at + 1) % cycle.length]!]!)),
  );
  return { cycles, groups: [...found.counts.values()].reduce((sum, count) => sum + count, 0) };
}

/** All that saw a value come before all that saw the next higher one. */
function orderByNumbers(
  sink: EdgeSink,
  numbers: readonly GrowingNumber[],
  rows: ReadonlyMap<ObjectOperation, number>,
): void {
  for (const { observations } of numbers) {
    const values = Map.groupBy(
      observations.filter(({ op }) => rows.has(op)),
      ({ value }) => value,
    );
    const ascending = [...values].sort(([a], [b]) => a - b).map(([, all]) => all.map(({ op }) => rows.get(op)!));
    for (let at = 0; at + 1 < ascending.length; at++) {
      const between = sink.helper();
      for (const row of ascending[at]!) sink.edge(row, between, edgeTypes.ww);
      for (const row of ascending[at + 1]!) sink.edge(between, row, edgeTypes.ww);
    }
  }
}

type Seen = readonly [op: ObjectOperation, values: ReadonlyMap<string, number>];

function stepOf([op, values]: Seen, [, later]: Seen): OrderStep {
  for (const [number, value] of values) {
    const next = later.get(number);
    if (next !== undefined && next > value) return { op, number, value, next };
  }
  throw new Error("an edge of the graph belongs to no number");
}

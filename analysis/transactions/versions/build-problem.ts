import { none } from "../../operations/operation-table.ts";
import type { Extent } from "../cycles.ts";
import { sessionEdges } from "../time-edges.ts";
import { stepKinds, type TransactionTable } from "../transaction-table.ts";
import { type Choice, edgesOfOrder, type Problem, type Version } from "./refute.ts";
import type { Edge } from "./small-graph.ts";

/** A key as some transactions know it: versions by who wrote and who read them, the initial one first. */
export interface VersionedKey {
  readonly versions: readonly { readonly writer: number; readonly readers: readonly number[] }[];
  /** Below zero where the first of two versions certainly came first, above where the second did, else zero. */
  order(a: number, b: number): number;
}

/** What is known and open of the rows' order. A version that a row neither wrote nor read orders nothing. */
export function buildProblem(
  table: TransactionTable,
  rows: readonly number[],
  extent: Extent,
  known: readonly VersionedKey[],
): Problem {
  const node = new Map(rows.map((row, at) => [row, at]));
  const place = (row: number): number => node.get(row) ?? none;
  const edges: Edge[] = sessionEdges(table, rows, extent);
  const choices: Choice[] = [];
  const keys = known.map(({ versions, order }, key) => {
    const placed = versions.map(({ writer, readers }): Version => {
      return { writer: place(writer), readers: readers.map(place).filter((reader) => reader !== none) };
    });
    placed.forEach(({ writer, readers }, version) => {
      const about = { type: "wr", key, before: version, after: version, assumed: false } as const;
      if (writer !== none) for (const reader of readers) edges.push({ ...about, from: writer, to: reader });
    });
    for (let a = 0; a < placed.length; a++) {
      for (let b = a + 1; b < placed.length; b++) {
        const first = a === 0 ? -1 : order(a, b);
        if (first === 0) choices.push({ key, a, b });
        else edges.push(...edgesOfOrder(placed, key, first < 0 ? [a, b] : [b, a], false));
      }
    }
    return placed;
  });
  return { writes: rows.map((row) => writes(table, row)), edges, keys, choices };
}

function writes(table: TransactionTable, row: number): boolean {
  for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
    if (table.stepKind[step] !== stepKinds.read) return true;
  }
  return false;
}

/** The keys that rows touch, in the order in which they do. */
export function keysOf(table: TransactionTable, rows: readonly number[]): number[] {
  const keys = new Set<number>();
  for (const row of rows) {
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) keys.add(table.stepKey[step]!);
  }
  return [...keys];
}

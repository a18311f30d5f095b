import type { Checker, CheckerResult } from "../checker.ts";
import { type Quantiles, quantilesOf } from "../objects/quantiles.ts";
import { operationsOf } from "../operations/build-table.ts";
import { none, type OperationTable } from "../operations/operation-table.ts";
import { initialValue, KeyHistories, type KeyHistory, kinds, rowsByKey } from "../register/key-history.ts";
import { distinguishWrites } from "../register/narrow.ts";
import { staleReads } from "../register/staleness.ts";
import { type ValueColumns, valueColumns } from "../register/values.ts";
import { grouped } from "../words.ts";

/** How stale reads were, fresh ones counted as 0: lower bounds, in how often and how long ago the value was overwritten. */
export interface StalenessOfReads {
  readonly reads: number;
  readonly stale: number;
  readonly versions: Quantiles | null;
  readonly milliseconds: Quantiles | null;
}

/** `checkers.staleness`: a measure, always valid unless nothing was read. */
export interface StalenessResult extends CheckerResult {
  readonly overall: StalenessOfReads;
  /** By the node that answered; reads whose answer names none are only in `overall`. */
  readonly byNode: Readonly<Record<string, StalenessOfReads>>;
  /** Keys with reads whose values cannot be told apart, or are no registers. */
  readonly skippedKeys: number;
}

/** The staleness of every read of a register, over all and by node, to compare read modes with. */
export const stalenessChecker: Checker<StalenessResult> = {
  name: "staleness",
  check: (history) => measure(operationsOf(history)),
};

interface Sample {
  readonly versions: number[];
  readonly milliseconds: number[];
}

function measure(table: OperationTable): StalenessResult {
  const overall: Sample = { versions: [], milliseconds: [] };
  const byNode = new Map<number, Sample>();
  let skippedKeys = 0;
  const { rows, starts } = rowsByKey(table);
  const histories = new KeyHistories(table);
  for (let key = 0; key < table.keys.count; key++) {
    const ofKey = rows.subarray(starts[key], starts[key + 1]);
    if (ofKey.length === 0) continue;
    const history = table.unsupported.has(key) ? null : distinguishWrites(histories.of(ofKey));
    if (history === null) skippedKeys++;
    else sampleKey(table, history, overall, byNode);
  }
  const nodes = [...byNode].map(([node, sample]) => [table.words.text(node), summed(sample)] as const);
  const counts = { overall: summed(overall), byNode: Object.fromEntries(nodes.sort()), skippedKeys };
  if (counts.overall.reads > 0) {
    const attention = counts.overall.stale > 0 ? { attention: true as const } : {};
    return { verdict: "valid", summary: summary(counts.overall), ...attention, ...counts };
  }
  const reached = skippedKeys > 0 ? "no key with reads could be judged" : "no read was answered";
  const remedy = "check that clients reach the cluster, and write every value only once a key";
  const cause = { code: "nothing-tested", reached, remedy };
  return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, ...counts };
}

function sampleKey(table: OperationTable, history: KeyHistory, overall: Sample, byNode: Map<number, Sample>): void {
  const columns = valueColumns(history);
  const stale = new Map(staleReads(history, columns, table).map((read) => [read.read, read]));
  for (let op = 0; op < history.count; op++) {
    if (!isExplainedRead(history, columns, op)) continue;
    const { versions = 0, milliseconds = 0 } = stale.get(op) ?? {};
    const node = table.node[history.row[op]!]!;
    const ofNode = byNode.get(node) ?? { versions: [], milliseconds: [] };
    if (node !== none) byNode.set(node, ofNode);
    for (const sample of [overall, ofNode]) {
      sample.versions.push(versions);
      sample.milliseconds.push(milliseconds);
    }
  }
}

/** A value that nobody wrote has no age. */
function isExplainedRead(history: KeyHistory, columns: ValueColumns, op: number): boolean {
  if (history.kind[op]! !== kinds.read) return false;
  const value = history.from[op]!;
  return value === initialValue || columns.writer[value]! >= 0;
}

function summed({ versions, milliseconds }: Sample): StalenessOfReads {
  const stale = versions.filter((count) => count > 0).length;
  return {
    ...{ reads: versions.length, stale },
    ...{ versions: quantilesOf(versions), milliseconds: quantilesOf(milliseconds) },
  };
}

function summary({ reads, stale, versions, milliseconds }: StalenessOfReads): string {
  if (stale === 0) return `no stale reads among ${grouped(reads)}`;
  const age = `${grouped(versions?.max ?? 0)} versions (${grouped(Math.floor(milliseconds?.max ?? 0))} ms)`;
  return `${grouped(stale)} of ${grouped(reads)} reads were stale; the stalest was at least ${age} behind`;
}

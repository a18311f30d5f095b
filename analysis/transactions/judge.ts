import type { CheckerResult } from "../checker.ts";
import type { TransactionsResult, TransactionViolation } from "../results.ts";
import { Anomalies, type Anomaly } from "./anomaly.ts";
import { type CycleClass, type FoundCycles, findCycles } from "./cycles.ts";
import { explainCycle, type Reason } from "./explain.ts";
import { buildGraph, type EdgeSource } from "./graph.ts";
import {
  type AnomalyName,
  anomalyMeanings,
  cycleMeanings,
  extentOf,
  forbids,
  type ModelName,
  type Standing,
  standingOf,
} from "./models.ts";
import { processEdges, realtimeEdges } from "./time-edges.ts";
import type { TransactionTable } from "./transaction-table.ts";

const maxExamples = 8;

/** Transactions of one kind of history, as far as that kind knows them. */
export interface Case {
  readonly table: TransactionTable;
  readonly committed: Uint8Array;
  readonly answeredReads: number;
  readonly edges: EdgeSource;
  readonly reason: Reason;
  readonly readValue: (row: number, step: number) => unknown;
  findAnomalies(found: Anomalies): void;
}

/** Judges transactions under a consistency model: by what is wrong without any cycle, then by cycles. */
export function judge(transactions: Case, model: ModelName): TransactionsResult {
  const { table, committed } = transactions;
  const found = new Anomalies(maxExamples);
  transactions.findAnomalies(found);
  const extent = extentOf(model);
  const sources = [transactions.edges];
  if (extent !== "data") sources.push(processEdges(table, committed));
  if (extent === "realtime") sources.push(realtimeEdges(table, committed));
  const cycles = findCycles(buildGraph(table.count, sources), extent);
  const explained = cycles.cycles.map((cycle) => explainCycle(table, cycle, transactions.reason));
  const told = explained.filter((anomaly) => anomaly !== null);
  const counts = new Map([...found.counts, ...cycles.counts]);
  for (const { name } of cycles.cycles) if (!told.some((anomaly) => anomaly.name === name)) counts.delete(name);
  const standing = standingOf([...counts.keys()], extent);
  const examples = [...found.examples, ...told].sort((a, b) => byWeight(model, a, b));
  const details = {
    model,
    transactions: committed.reduce((sum, one) => sum + one, 0),
    keys: table.keys.count,
    anomalies: describeCounts(counts, model),
    modelsRuledOut: standing.ruledOut,
    weakestModelsRuledOut: standing.weakestRuledOut,
    strongestModels: standing.strongest,
    violations: examples.map((anomaly) => violation(transactions, anomaly)),
  };
  const doubts = { unexplained: told.length < explained.length, cycles };
  return { ...conclusion(transactions, model, standing, details.violations, doubts), ...details };
}

interface Doubts {
  readonly unexplained: boolean;
  readonly cycles: FoundCycles;
}

function conclusion(
  { table, answeredReads }: Case,
  model: ModelName,
  { ruledOut, strongest }: Standing,
  violations: readonly TransactionViolation[],
  { unexplained, cycles }: Doubts,
): CheckerResult {
  const most = strongest.length === 0 ? "" : `; consistent with at most ${strongest.join(" or ")}`;
  const [first] = violations;
  if (ruledOut.includes(model) && first !== undefined) {
    return { verdict: "invalid", summary: `not ${model}: ${first.kind}: ${first.sentence}${most}` };
  }
  const reached = `${table.count} transactions were read`;
  if (unexplained) {
    return unknown("checker-disagrees", `a cycle could not be explained; ${reached}`, "please report this as a bug");
  }
  if (table.unreadable !== null) {
    return unknown("unsupported-operation", reached, `${table.unreadable}; record lists of r, w and append steps`);
  }
  const [unsupported] = table.unsupported;
  if (unsupported !== undefined) {
    const [key, why] = unsupported;
    return unknown(
      "unsupported-operation",
      `${reached}; key ${table.key(key)} was left out`,
      `${why}; give such steps keys of their own`,
    );
  }
  const [repeated] = table.repeated;
  if (repeated !== undefined) {
    return unknown(
      "values-repeat",
      `${reached}; key ${table.key(repeated)} was left out`,
      "never write a value twice to a key",
    );
  }
  if (answeredReads === 0) {
    return unknown(
      "nothing-tested",
      "no read was answered",
      "check that clients reach the cluster, and that transactions read",
    );
  }
  if (!cycles.complete && model === "consistent-view") {
    return unknown(
      "too-many-cycles",
      `${reached}; not every group was searched for G-single`,
      "check a part of the history",
    );
  }
  const fine = `${table.completionCount} answered transactions show nothing that ${model} forbids`;
  const but = first === undefined ? "" : `, but ${first.kind}: ${first.sentence}${most}`;
  return { verdict: "valid", summary: `${fine}${but}` };
}

function unknown(code: string, reached: string, remedy: string): CheckerResult {
  return { verdict: "unknown", summary: `${reached} (${code}): ${remedy}`, cause: { code, reached, remedy } };
}

/** What the model forbids first, then what even weak models do, then the smallest, then the earliest. */
function byWeight(model: ModelName, a: Anomaly, b: Anomaly): number {
  const allowed = ({ name }: Anomaly): number => (forbids(model, name) ? 0 : 1);
  const ruledOut = ({ name }: Anomaly): number => standingOf([name], "realtime").ruledOut.length;
  return (
    allowed(a) - allowed(b) || ruledOut(b) - ruledOut(a) || a.rows.length - b.rows.length || a.rows[0]! - b.rows[0]!
  );
}

function violation({ table, readValue }: Case, { name, rows, sentence, orders }: Anomaly): TransactionViolation {
  return { kind: name, sentence, operations: rows.map((row) => table.view(row, readValue)), orders };
}

function describeCounts(counts: ReadonlyMap<AnomalyName, number>, model: ModelName): TransactionsResult["anomalies"] {
  return Object.fromEntries(
    [...counts].map(([name, count]) => [name, { count, meaning: meaningOf(name), forbidden: forbids(model, name) }]),
  );
}

function meaningOf(name: AnomalyName): string {
  if (name in anomalyMeanings) return anomalyMeanings[name as keyof typeof anomalyMeanings];
  const plain = name.replace(/-(process|realtime)$/, "") as CycleClass;
  if (plain === name) return cycleMeanings[plain];
  const order = name.endsWith("-process") ? "the order of each process" : "real time";
  return `${cycleMeanings[plain]}, when ${order} counts too`;
}

import type { CheckerResult } from "../checker.ts";
import type { TransactionsResult, TransactionViolation } from "../results.ts";
import { worstVerdict } from "../verdict.ts";
import { Anomalies, type Anomaly } from "./anomaly.ts";
import { type CycleClass, type FoundCycles, findCycles } from "./cycles.ts";
import { explainCycle, type Reason } from "./explain.ts";
import { buildGraph, type EdgeSource } from "./graph.ts";
import {
  type AnomalyName,
  anomalyMeanings,
  cycleMeanings,
  isDerived,
  levelMeanings,
  type ModelName,
} from "./model-table.ts";
import { forbids, type Standing, standingOf, uncheckedOf, widestExtent } from "./models.ts";
import { orderSources } from "./time-edges.ts";
import type { TransactionTable } from "./transaction-table.ts";
import { answer } from "./versions/answer.ts";
import type { OpenQuestions } from "./versions/decide.ts";

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
  /** What edges leave open; `groups` are the rows that lie on cycles of them. */
  openQuestions(groups: FoundCycles["groups"]): OpenQuestions;
}

/**
 * Judges transactions under consistency models: by what is wrong without any cycle, by cycles of dependencies that are
 * known for certain, then by whether any order of versions does.
 */
export function judge(transactions: Case, asked: readonly ModelName[]): TransactionsResult {
  const { table, committed } = transactions;
  const found = new Anomalies(maxExamples);
  transactions.findAnomalies(found);
  const extent = widestExtent(asked);
  const graph = buildGraph(table.count, [transactions.edges, ...orderSources(table, committed, extent)]);
  const cycles = findCycles(graph, extent);
  const explained = cycles.cycles.map((cycle) => explainCycle(table, cycle, transactions.reason));
  const told = explained.filter((anomaly) => anomaly !== null);
  const counts = new Map([...found.counts, ...cycles.counts]);
  for (const { name } of cycles.cycles) if (!told.some((anomaly) => anomaly.name === name)) counts.delete(name);
  const known = [...counts.keys()];
  const answers = answer(transactions.openQuestions(cycles.groups), table, extent, known);
  const open = new Set([...answers.open, ...(cycles.complete ? [] : (["G-single"] as const))]);
  const standing = standingOf([...known, ...answers.anomalies.map(({ name }) => name)], extent, open);
  const shown = answers.anomalies.filter(({ name }) => !isDerived(name) || tellsMore(asked, name, known));
  for (const { name } of shown) counts.set(name, (counts.get(name) ?? 0) + 1);
  const examples = [...found.examples, ...told, ...shown.slice(0, maxExamples)];
  const violations = examples.sort((a, b) => byWeight(asked, a, b)).map((anomaly) => violation(transactions, anomaly));
  const state = { standing, violations, unexplained: told.length < explained.length };
  const conclusions = asked.map((model) => ({ model, ...conclusion(transactions, model, state) }));
  const worst = worstVerdict(conclusions.map(({ verdict }) => verdict));
  const { verdict, summary, cause } = conclusions.find((one) => one.verdict === worst)!;
  return {
    ...{ verdict, summary: conclusions.length === 1 ? summary : summarizeAll(conclusions) },
    ...(cause === undefined ? {} : { cause }),
    models: conclusions.map(({ model, verdict }) => ({ model, verdict })),
    transactions: committed.reduce((sum, one) => sum + one, 0),
    keys: table.keys.count,
    anomalies: describeCounts(counts, asked),
    modelsRuledOut: standing.ruledOut,
    weakestModelsRuledOut: standing.weakestRuledOut,
    strongestModels: standing.strongest,
    violations,
  };
}

/** Whether a model that was asked for forbids the anomaly and none of those that are known. */
function tellsMore(asked: readonly ModelName[], name: AnomalyName, known: readonly AnomalyName[]): boolean {
  return asked.some((model) => forbids(model, name) && !known.some((other) => forbids(model, other)));
}

interface State {
  readonly standing: Standing;
  readonly violations: readonly TransactionViolation[];
  readonly unexplained: boolean;
}

function conclusion(
  { table, answeredReads }: Case,
  model: ModelName,
  { standing, violations, unexplained }: State,
): CheckerResult {
  const { ruledOut, strongest, proven } = standing;
  const most = strongest.length === 0 ? "" : `; consistent with at most ${strongest.join(" or ")}`;
  const first = violations.find(({ kind }) => forbids(model, kind as AnomalyName)) ?? violations[0];
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
      `${reached}; key ${table.key(key)} was omitted`,
      `${why}; give such steps keys of their own`,
    );
  }
  const [repeated] = table.repeated;
  if (repeated !== undefined) {
    return unknown(
      "values-repeat",
      `${reached}; key ${table.key(repeated)} was omitted`,
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
  const but = first === undefined ? "" : `, but ${first.kind}: ${first.sentence}${most}`;
  const fine = `${table.completionCount} answered transactions show nothing that ${model} forbids`;
  if (proven.includes(model)) return { verdict: "valid", summary: `${fine}${but}` };
  const unchecked = uncheckedOf(model);
  if (unchecked !== null) {
    return unknown(
      "not-decided",
      `${fine} of what can be checked${but}`,
      `${model} also forbids ${unchecked}; choose a model that can be checked, such as read-committed`,
    );
  }
  return unknown(
    "not-decided",
    `${fine}, but not every order of versions was tried${but}`,
    "read what you write in the same transaction, or check a part of the history",
  );
}

function summarizeAll(conclusions: readonly (CheckerResult & { readonly model: ModelName })[]): string {
  return conclusions.map(({ model, verdict, summary }) => `${model}: ${verdict}: ${summary}`).join("; ");
}

function unknown(code: string, reached: string, remedy: string): CheckerResult {
  return { verdict: "unknown", summary: `${reached} (${code}): ${remedy}`, cause: { code, reached, remedy } };
}

/** What a model asked for forbids first, then what even weak models do, then the smallest, then the earliest. */
function byWeight(asked: readonly ModelName[], a: Anomaly, b: Anomaly): number {
  const allowed = ({ name }: Anomaly): number => (isForbidden(asked, name) ? 0 : 1);
  const ruledOut = ({ name }: Anomaly): number => standingOf([name], "realtime").ruledOut.length;
  return (
    allowed(a) - allowed(b) || ruledOut(b) - ruledOut(a) || a.rows.length - b.rows.length || a.rows[0]! - b.rows[0]!
  );
}

function violation({ table, readValue }: Case, { name, rows, sentence, orders }: Anomaly): TransactionViolation {
  return { kind: name, sentence, operations: rows.map((row) => table.view(row, readValue)), orders };
}

function isForbidden(asked: readonly ModelName[], name: AnomalyName): boolean {
  return asked.some((model) => forbids(model, name));
}

function describeCounts(
  counts: ReadonlyMap<AnomalyName, number>,
  asked: readonly ModelName[],
): TransactionsResult["anomalies"] {
  return Object.fromEntries(
    [...counts].map(([name, count]) => {
      return [name, { count, meaning: meaningOf(name), forbidden: isForbidden(asked, name) }];
    }),
  );
}

function meaningOf(name: AnomalyName): string {
  if (name in anomalyMeanings) return anomalyMeanings[name as keyof typeof anomalyMeanings];
  const plain = name.replace(/-(process|realtime)$/, "");
  const meaning = { ...cycleMeanings, ...levelMeanings }[plain as CycleClass];
  if (plain === name) return meaning;
  const order = name.endsWith("-process") ? "the order of each process" : "real time";
  return `${meaning}, when ${order} counts too`;
}

import { summarizeLatencies } from "./latency.ts";
import { type OperationTable, outcomes } from "./operations/operation-table.ts";
import { type LatencySummary, promptMs, type ServiceCounts } from "./results.ts";

export interface Period {
  readonly fromNs: number;
  readonly toNs: number;
}

/** How the store served some of a run's operations. `isAnswered` says of a row whether the store answered it. */
export function serviceOf(
  table: OperationTable,
  isAnswered: (row: number) => boolean,
  counts: (row: number) => boolean,
  seconds: number,
): ServiceCounts {
  const latencies = new Map<number, number[]>();
  const counted = { answered: 0, total: 0, prompt: 0 };
  for (let row = 0; row < table.count; row++) {
    if (!counts(row)) continue;
    counted.total++;
    if (!isAnswered(row)) continue;
    counted.answered++;
    const latencyMs = (table.completedAtNs[row]! - table.intendedAtNs[row]!) / 1e6;
    if (latencyMs <= promptMs) counted.prompt++;
    if (table.outcome[row] === outcomes.ok) listUnder(latencies, table.f[row]!, latencyMs);
  }
  const summaries = [...latencies].map(([f, each]): [string, LatencySummary] => [
    table.words.text(f),
    summarizeLatencies(Float64Array.from(each))!,
  ]);
  return { ...counted, seconds, latencyMs: Object.fromEntries(summaries) };
}

function listUnder(lists: Map<number, number[]>, f: number, latencyMs: number): void {
  const list = lists.get(f);
  if (list === undefined) lists.set(f, [latencyMs]);
  else list.push(latencyMs);
}

/** From the first invocation to the last completion. */
export function clientsAtWork(table: OperationTable): Period {
  let toNs = table.invokedAtNs[0] ?? 0;
  for (let row = 0; row < table.count; row++) {
    if (table.completedAtNs[row] !== Number.POSITIVE_INFINITY) toNs = Math.max(toNs, table.completedAtNs[row]!);
  }
  return { fromNs: table.invokedAtNs[0] ?? 0, toNs };
}

/** How much of a period lies in any of others, which may overlap. */
export function secondsWithin(period: Period, others: readonly Period[]): number {
  let coveredNs = 0;
  let reachedNs = period.fromNs;
  for (const { fromNs, toNs } of others.toSorted((one, other) => one.fromNs - other.fromNs)) {
    const endNs = Math.min(toNs, period.toNs);
    const startNs = Math.max(fromNs, reachedNs);
    if (endNs <= startNs) continue;
    coveredNs += endNs - startNs;
    reachedNs = endNs;
  }
  return coveredNs / 1e9;
}

import type { Checker } from "../checker.ts";
import { summarizeLatencies } from "../latency.ts";
import { operationsOf } from "../operations/build-table.ts";
import { type OperationTable, outcomes } from "../operations/operation-table.ts";
import { countErrors } from "../operations/timeline.ts";
import type { LatencySummary, OutcomeCounts, StatisticsResult } from "../results.ts";
import { grouped } from "../words.ts";

/** How many operations ended how, how fast, and why not. Says nothing about correctness. */
export const statisticsChecker: Checker<StatisticsResult> = {
  name: "statistics",
  check: (history) => statisticsOf(operationsOf(history)),
};

function statisticsOf(table: OperationTable): StatisticsResult {
  const total = countOutcomes(table, () => true);
  const counts = { total, byFunction: byFunction(table), byError: countErrors(table), perSecond: perSecond(table) };
  if (total.ok > 0) {
    const summary = `${grouped(total.ok)} ok, ${grouped(total.fail)} failed, ${grouped(total.info)} unknown; ${grouped(Math.round(counts.perSecond))} per second`;
    return { verdict: "valid", summary, ...counts };
  }
  const reached = `${table.count} operations were invoked, and none ended ok`;
  const remedy = "check that clients reach the cluster, and that it has a leader";
  const cause = { code: "nothing-tested", reached, remedy };
  return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, ...counts };
}

/** How the client operations of a history ended; those without an end count as unknown. */
export function countOutcomes(table: OperationTable, counted: (row: number) => boolean): OutcomeCounts {
  const counts = { ok: 0, fail: 0, info: 0 };
  for (let row = 0; row < table.count; row++) {
    if (!counted(row)) continue;
    const outcome = table.outcome[row]!;
    if (outcome === outcomes.ok) counts.ok++;
    else if (outcome === outcomes.fail) counts.fail++;
    else counts.info++;
  }
  return counts;
}

function byFunction(table: OperationTable): StatisticsResult["byFunction"] {
  const functions = [...new Set(table.f.subarray(0, table.count))];
  return Object.fromEntries(
    functions.map((f) => {
      const counts = countOutcomes(table, (row) => table.f[row] === f);
      const latencyMs = latencies(table, f, table.invokedAtNs);
      const fromDue = anyLate(table, f) ? latencies(table, f, table.intendedAtNs) : null;
      return [
        table.words.text(f),
        { ...counts, latencyMs, ...(fromDue === null ? {} : { latencyFromDueMs: fromDue }) },
      ];
    }),
  );
}

function anyLate(table: OperationTable, f: number): boolean {
  for (let row = 0; row < table.count; row++) {
    if (table.f[row] === f && table.intendedAtNs[row]! < table.invokedAtNs[row]!) return true;
  }
  return false;
}

function latencies(table: OperationTable, f: number, fromNs: Float64Array): LatencySummary | null {
  const all = new Float64Array(table.count);
  let count = 0;
  for (let row = 0; row < table.count; row++) {
    if (table.f[row] !== f || table.outcome[row] !== outcomes.ok) continue;
    all[count++] = (table.completedAtNs[row]! - fromNs[row]!) / 1e6;
  }
  return summarizeLatencies(all.subarray(0, count));
}

function perSecond(table: OperationTable): number {
  let completed = 0;
  let last = 0;
  for (let row = 0; row < table.count; row++) {
    if (table.completedAtNs[row]! === Number.POSITIVE_INFINITY) continue;
    completed++;
    last = Math.max(last, table.completedAtNs[row]!);
  }
  const seconds = (last - (table.invokedAtNs[0] ?? 0)) / 1e9;
  return completed > 0 && seconds > 0 ? completed / seconds : 0;
}

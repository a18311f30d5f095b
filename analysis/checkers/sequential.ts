import type { Checker, CheckerResult } from "../checker.ts";
import { plural } from "../objects/phrases.ts";
import { operationsOf } from "../operations/build-table.ts";
import { type OperationTable, outcomes, registerFunctions } from "../operations/operation-table.ts";
import type { Violation } from "../results.ts";
import { findCycle } from "../sequential/cycle.ts";
import { describeCycle, describeStray } from "../sequential/describe.ts";
import { type SequentialHistory, sequentialHistory } from "../sequential/history.ts";
import { saturate } from "../sequential/saturate.ts";
import { findWitness } from "../sequential/witness.ts";

/** `checkers.sequential`. */
export interface SequentialResult extends CheckerResult {
  /** Operations that happened, for certain or because somebody saw what they wrote. */
  readonly operations: number;
  readonly keys: number;
  readonly processes: number;
  /** One cycle, or the first of the values that nobody wrote. */
  readonly violations: readonly Violation[];
  readonly violationCount: number;
}

/**
 * Whether all registers together are sequentially consistent: one order of the operations of all keys explains every
 * answer and keeps the order of each process, whatever the real times. Deciding it is NP-hard in general, so what
 * neither forced orders refute nor a witness proves stays unknown.
 */
export const sequentialChecker: Checker<SequentialResult> = {
  name: "sequential",
  check: (history) => checkTable(operationsOf(history)),
};

const mostViolations = 20;

function checkTable(table: OperationTable): SequentialResult {
  const { skipped, unsupported } = otherKeys(table);
  const history = sequentialHistory(table, (key) => skipped.has(key));
  const counts = {
    operations: history.count,
    keys: new Set(history.key).size,
    processes: new Set(history.chains.map(({ process }) => process)).size,
  };
  if (history.strays.length > 0) {
    const violations = history.strays.slice(0, mostViolations).map((stray) => describeStray(table, stray));
    return invalid(violations, history.strays.length, counts);
  }
  const saturated = saturate(history);
  if (saturated.outcome === "cycle") {
    return invalid([describeCycle(history, table, findCycle(saturated.orders, saturated.left))], 1, counts);
  }
  const none = { violations: [], violationCount: 0, ...counts };
  if (unsupported !== null) return { ...unknown("unsupported-operation", unsupported, separateKeys), ...none };
  if (!hasAnswers(history, table)) return { ...unknown("nothing-tested", unanswered, checkClients), ...none };
  if (saturated.outcome === "too-large") {
    const size = `${plural(history.count, "operation")} and ${counts.processes} processes`;
    return { ...unknown("too-large", `${size} are too many for the orders between them`, shorten), ...none };
  }
  if (findWitness(saturated.orders, table) === null) {
    const code = history.valuesRepeat ? "values-repeat" : "not-decided";
    return {
      ...unknown(code, `no contradiction and no order of ${history.count} operations was found`, narrow),
      ...none,
    };
  }
  const what = `${plural(history.count, "operation")} on ${plural(counts.keys, "key")}`;
  return { verdict: "valid", summary: `${what} are sequentially consistent`, ...none };
}

const unanswered = "no read and no compare-and-set was answered";
const checkClients = "check that clients reach the cluster, and that the workload reads what it writes";
const separateKeys = "give such operations keys of their own";
const shorten = "make the run shorter, or with fewer clients";
const narrow = "write every value only once a key, and refuse fewer compare-and-sets; or make the run shorter";

function unknown(code: string, reached: string, remedy: string): CheckerResult {
  return { verdict: "unknown", summary: `${reached}: ${remedy}`, cause: { code, reached, remedy } };
}

function invalid(
  violations: readonly Violation[],
  violationCount: number,
  counts: Pick<SequentialResult, "operations" | "keys" | "processes">,
): SequentialResult {
  const summary = `not sequentially consistent: ${violations[0]!.sentence}`;
  return { verdict: "invalid", summary, violations, violationCount, ...counts };
}

/** Keys that are no registers, and why the first of those is none that has register operations too. */
function otherKeys(table: OperationTable): { skipped: ReadonlySet<number>; unsupported: string | null } {
  const skipped = new Set(table.unsupported.keys());
  for (let row = 0; row < table.count; row++) {
    const key = table.key[row]!;
    const reason = table.unsupported.get(key);
    if (reason !== undefined && table.f[row]! <= registerFunctions.cas) return { skipped, unsupported: reason };
  }
  return { skipped, unsupported: null };
}

function hasAnswers(history: SequentialHistory, table: OperationTable): boolean {
  return history.row.some((row, op) => history.from[op]! >= 0 && table.outcome[row] !== outcomes.info);
}

import type { HistorySource } from "../checker.ts";
import { operationsOf } from "../operations/build-table.ts";
import { type OperationTable, registerFunctions } from "../operations/operation-table.ts";
import type { RegisterResult, Violation } from "../results.ts";
import { plural } from "../words.ts";
import { checkKey, type KeyVerdict, type UnknownCause, unknownCauses } from "./check-key.ts";
import { describeFinding } from "./describe.ts";
import { KeyHistories, type KeyHistory, kinds, rowsByKey } from "./key-history.ts";
import { distinguishWrites } from "./narrow.ts";

const maxViolations = 20;

/** What the exact check says of a history, and which keys it leaves open though it knows their operations. */
export interface JudgedRegisters {
  readonly result: RegisterResult;
  readonly open: ReadonlyMap<string, UnknownCause>;
}

/**
 * Whether every key behaved like one register that does one thing at a time: linearizability, decided exactly. All
 * registers begin with the same scalar, or absent (null).
 */
export function judgeRegisters(history: HistorySource, initial: unknown): JudgedRegisters {
  const table = operationsOf(history);
  const tally = new Tally(table);
  const { rows, starts } = rowsByKey(table);
  const histories = new KeyHistories(table, initial);
  for (let key = 0; key < table.keys.count; key++) {
    const ofKey = rows.subarray(starts[key], starts[key + 1]);
    if (ofKey.length === 0) continue;
    const unsupported = table.unsupported.get(key);
    if (unsupported !== undefined) {
      if (ofKey.some((row) => table.f[row]! <= registerFunctions.cas)) tally.unsupported(key, unsupported);
      continue;
    }
    const recorded = histories.of(ofKey);
    const history = distinguishWrites(recorded);
    if (history === null) tally.add(key, recorded, { verdict: "unknown", stale: [], cause: "values-repeat" });
    else tally.add(key, history, checkKey(history, table));
  }
  return { result: tally.result(), open: tally.open };
}

class Tally {
  readonly open = new Map<string, UnknownCause>();
  readonly #table: OperationTable;
  readonly #violations: Violation[] = [];
  #firstUnknown: { key: string; code: string; remedy: string } | null = null;
  #checked = 0;
  #invalid = 0;
  #unknown = 0;
  #operations = 0;
  #answers = 0;
  #stale = { count: 0, maxVersions: 0, maxMilliseconds: 0 };

  constructor(table: OperationTable) {
    this.#table = table;
  }

  unsupported(key: number, reason: string): void {
    this.#checked++;
    this.#addUnknown(key, "unsupported-operation", `${reason}; give such operations keys of their own`);
  }

  add(key: number, history: KeyHistory, verdict: KeyVerdict): void {
    this.#checked++;
    this.#operations += history.count;
    this.#answers += countAnswers(history);
    for (const stale of verdict.stale) {
      this.#stale.count++;
      this.#stale.maxVersions = Math.max(this.#stale.maxVersions, stale.versions);
      this.#stale.maxMilliseconds = Math.max(this.#stale.maxMilliseconds, stale.milliseconds);
    }
    if (verdict.verdict === "unknown") {
      this.open.set(this.#table.keys.text(key), verdict.cause);
      this.#addUnknown(key, verdict.cause, unknownCauses[verdict.cause]);
    }
    if (verdict.verdict !== "invalid") return;
    this.#invalid++;
    this.#violations.push(describeFinding(this.#table.keys.text(key), history, this.#table, verdict.finding));
  }

  result(): RegisterResult {
    const keys = { checked: this.#checked, invalid: this.#invalid, unknown: this.#unknown };
    const violations = this.#violations.sort(mostTellingFirst).slice(0, maxViolations);
    const counts = {
      keys,
      operations: this.#operations,
      violations,
      violationCount: this.#invalid,
      staleReads: this.#stale,
    };
    const [first] = violations;
    if (first !== undefined) return { verdict: "invalid", summary: this.#invalidSummary(first), ...counts };
    const unknown = this.#firstUnknown;
    if (unknown !== null) {
      const reached = `${this.#checked - this.#unknown} of ${this.#checked} keys were decided`;
      const summary = `${reached}; key ${JSON.stringify(unknown.key)} was not (${unknown.code}): ${unknown.remedy}`;
      return { verdict: "unknown", summary, cause: { code: unknown.code, reached, remedy: unknown.remedy }, ...counts };
    }
    if (this.#answers === 0) {
      const reached = "no read and no compare-and-set was answered";
      const remedy = "check that clients reach the cluster, and that the workload reads what it writes";
      const cause = { code: "nothing-tested", reached, remedy };
      return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, ...counts };
    }
    const summary = `${plural(this.#operations, "operation")} on ${plural(this.#checked, "key")} are linearizable`;
    return { verdict: "valid", summary, ...counts };
  }

  #addUnknown(key: number, code: string, remedy: string): void {
    this.#unknown++;
    this.#firstUnknown ??= { key: this.#table.keys.text(key), code, remedy };
  }

  #invalidSummary(first: Violation): string {
    const single = `key ${JSON.stringify(first.key)} is`;
    const keys = this.#invalid === 1 ? single : `${this.#invalid} of ${this.#checked} keys are`;
    const stale = this.#stale.count > 1 ? `; ${this.#stale.count} reads were stale, this one the longest` : "";
    return `${keys} not linearizable: ${first.sentence}${stale}`;
  }
}

/** Operations that saw what the register held. Without any, there is nothing to be wrong. */
function countAnswers(history: KeyHistory): number {
  let count = 0;
  for (let op = 0; op < history.count; op++) {
    if (history.from[op]! >= 0 && history.kind[op]! !== kinds.failed && history.ret[op]! !== Infinity) count++;
  }
  return count;
}

/** A stale read tells most, and the longest one most of all; then the smallest set, then the earliest. */
function mostTellingFirst(a: Violation, b: Violation): number {
  const byStaleness = (b.staleness?.milliseconds ?? -1) - (a.staleness?.milliseconds ?? -1);
  return byStaleness || a.operations.length - b.operations.length || firstIndex(a) - firstIndex(b);
}

function firstIndex(violation: Violation): number {
  return violation.operations[0]?.index ?? 0;
}

import type { Cause, CheckerResult } from "../checker.ts";
import { type Clock, withClock } from "../register/orders.ts";
import type { Violation } from "../results.ts";
import { type ObjectAnomaly, objectAnomalies } from "./anomalies.ts";
import { type ObjectOperation, viewOf } from "./operations.ts";

/** What the checkers of objects other than registers have in common. Each adds its own counts. */
export interface ObjectResult extends CheckerResult {
  /** Client operations that took part in the check. */
  readonly operations: number;
  /** Keys that hold such an object; operations without a key count as one. */
  readonly keys: number;
  /** How often each anomaly was found; those that were not are left out. */
  readonly anomalies: Readonly<Partial<Record<ObjectAnomaly, number>>>;
  /** The first few of each kind. */
  readonly violations: readonly Violation[];
  readonly violationCount: number;
}

/** Operations that cannot all be, and how to tell it. */
export interface Finding {
  readonly kind: ObjectAnomaly;
  readonly key: string;
  readonly operations: readonly ObjectOperation[];
  sentence(seconds: Clock): string;
  /** How many anomalies it stands for; 1 if left out. */
  readonly count?: number;
}

const mostOfAKind = 4;
const mostViolations = 20;

/** Collects what a checker finds, and concludes a verdict: invalid before unknown before valid. */
export class Judgement {
  readonly #counts = new Map<ObjectAnomaly, number>();
  readonly #violations = new Map<ObjectAnomaly, Violation[]>();
  readonly #keys = new Set<string>();
  #operations = 0;
  #answers = 0;
  #unknown: Cause | null = null;

  /** Counts operations that took part, and how many of them were answered with something that could be wrong. */
  tested(key: string, operations: number, answers: number): void {
    this.#keys.add(key);
    this.#operations += operations;
    this.#answers += answers;
  }

  add(finding: Finding): void {
    const { kind, count = 1 } = finding;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
    const shown = this.#violations.get(kind) ?? [];
    this.#violations.set(kind, shown);
    if (shown.length < mostOfAKind) shown.push(violationOf(finding));
  }

  /** Something that stays open. The first is told. */
  unknown(cause: Cause): void {
    this.#unknown ??= cause;
  }

  get found(): boolean {
    return this.#counts.size > 0;
  }

  conclude(words: { readonly valid: string; readonly untested: string; readonly remedy: string }): ObjectResult {
    const counts = { operations: this.#operations, keys: this.#keys.size, ...this.#anomalies() };
    const [first] = counts.violations;
    if (first !== undefined) {
      return { verdict: "invalid", summary: invalidSummary(first, counts.anomalies), ...counts };
    }
    if (this.#answers === 0) {
      const cause = { code: "nothing-tested", reached: words.untested, remedy: words.remedy };
      return { verdict: "unknown", summary: `nothing was tested: ${words.untested}`, cause, ...counts };
    }
    const cause = this.#unknown;
    if (cause !== null) {
      return { verdict: "unknown", summary: `${cause.reached}: ${cause.remedy}`, cause, ...counts };
    }
    return { verdict: "valid", summary: words.valid, ...counts };
  }

  /** In the order in which anomalies are declared, the weightier before the lighter. */
  #anomalies(): Pick<ObjectResult, "anomalies" | "violations" | "violationCount"> {
    const kinds = (Object.keys(objectAnomalies) as ObjectAnomaly[]).filter((kind) => this.#counts.has(kind));
    const counts = kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0] as const);
    return {
      anomalies: Object.fromEntries(counts),
      violations: kinds.flatMap((kind) => this.#violations.get(kind) ?? []).slice(0, mostViolations),
      violationCount: counts.reduce((sum, [, count]) => sum + count, 0),
    };
  }
}

/** "key "x": SENTENCE (in all: 3 lost-element, 1 stale-element)". */
function invalidSummary(first: Violation, anomalies: ObjectResult["anomalies"]): string {
  const counts = Object.entries(anomalies);
  const several = counts.length > 1 || counts.some(([, count]) => count > 1);
  const all = several ? ` (in all: ${counts.map(([kind, count]) => `${count} ${kind}`).join(", ")})` : "";
  const where = first.key === "" ? "" : `key ${JSON.stringify(first.key)}: `;
  return `${where}${first.sentence}${all}`;
}

function violationOf(finding: Finding): Violation {
  const operations = [...new Set(finding.operations)].sort((a, b) => a.inv - b.inv);
  return {
    kind: finding.kind,
    key: finding.key,
    sentence: withClock((seconds) => finding.sentence(seconds)),
    operations: operations.map(viewOf),
    orders: forcedOrders(operations),
  };
}

/** What ended before what began, without what follows from two others. */
function forcedOrders(operations: readonly ObjectOperation[]): Violation["orders"] {
  const precedes = (a: ObjectOperation, b: ObjectOperation): boolean => a.ret < b.inv;
  return operations.flatMap((after) =>
    operations
      .filter((before) => precedes(before, after))
      .filter((before) => !operations.some((other) => precedes(before, other) && precedes(other, after)))
      .map((before) => ({ before: before.index, after: after.index, why: whyBefore(before, after) })),
  );
}

function whyBefore(before: ObjectOperation, after: ObjectOperation): string {
  return withClock(
    (seconds) =>
      `it ended at ${seconds(before.completedAtNs)}, before the other began at ${seconds(after.invokedAtNs)}`,
  );
}

import type { CheckerResult } from "../../../analysis/checker.ts";
import type { OperationView, Results } from "../../../analysis/results.ts";
import type { LongestPrefix } from "../../../analysis/search/result.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import { anomaliesOf } from "./anomalies.ts";
import { cutText, withCutPrefix, withCutValues } from "./cut-values.ts";
import { activeFaultIds } from "./faults.ts";
import { likelyCause } from "./likely-cause.ts";
import { meaningOf } from "./meanings.ts";
import { clipLanes, thinLanes } from "./roles.ts";
import { type Course, situationAt, suspectOf } from "./situation.ts";
import type { LikelyCause, ViolationScene } from "./types.ts";

/** Role segments of all nodes around one violation. */
const mostSegments = 600;

/** What the violations of all checkers have in common; each may leave out what does not apply to it. */
interface AnyViolation {
  readonly kind: string;
  readonly key?: string;
  readonly sentence: string;
  readonly operations: readonly OperationView[];
  readonly orders?: ViolationScene["orders"];
  readonly prefix?: LongestPrefix;
}

/** Every violation that a checker shows, with roles and faults from a little before it to a little after. */
export function digestViolations(results: Results | null, course: Course, test: TestRecord | null): ViolationScene[] {
  const { faults, lanes, endNs } = course;
  return Object.entries(results?.checkers ?? {}).flatMap(([checker, result]) => {
    const anomalies = anomaliesOf(result);
    return violationsOf(result).map((violation): ViolationScene => {
      const { kind, key, sentence, operations, orders = [], prefix } = violation;
      const { fromNs, toNs } = span(operations, endNs);
      const known = anomalies.find(({ name }) => name === kind);
      return {
        kind,
        meaning: known?.meaning ?? meaningOf(kind) ?? kind,
        checker,
        key: key === undefined || key === "" ? null : cutText(key),
        sentence: cutText(sentence),
        operations: operations.map(withCutValues),
        orders,
        names: isOfTransactions(result) ? operations.map((_, at) => `T${at + 1}`) : [],
        forbidden: known?.forbidden ?? true,
        ...(prefix && { prefix: withCutPrefix(prefix) }),
        fromNs,
        toNs,
        nodes: thinLanes(clipLanes(lanes, fromNs, toNs), toNs - fromNs, mostSegments),
        faultIds: activeFaultIds(faults, fromNs, toNs),
        cause: causeOf(operations, orders, course, test),
      };
    });
  });
}

/** The likely cause of the answer that cannot be right. */
function causeOf(
  operations: readonly OperationView[],
  orders: ViolationScene["orders"],
  course: Course,
  test: TestRecord | null,
): LikelyCause | null {
  const suspect = suspectOf({ operations, orders });
  if (suspect === null) return null;
  const fromNs = Math.min(...operations.map(({ invokedAtNs }) => invokedAtNs));
  const atNs = suspect.completedAtNs ?? suspect.invokedAtNs;
  return likelyCause(situationAt(suspect.node, { fromNs, atNs }, course), "answered", test);
}

/** How many there are in all, of which checkers may show only the most telling. */
export function countViolations(results: Results | null): number {
  return Object.values(results?.checkers ?? {}).reduce((sum, result) => sum + countOf(result), 0);
}

function countOf(result: CheckerResult): number {
  if ("violationCount" in result) return Number(result.violationCount);
  const forbidden = anomaliesOf(result).filter((anomaly) => anomaly.forbidden);
  return (
    forbidden.reduce((sum, { count }) => sum + count, 0) || (isOfTransactions(result) ? 0 : violationsOf(result).length)
  );
}

/** Transactions are called T1, T2, … in the order of their beginnings. */
function isOfTransactions(result: CheckerResult): boolean {
  return "modelsRuledOut" in result;
}

/** From the first invocation to the last completion, with a fifth more around it and never less than 2 ms. */
function span(operations: readonly OperationView[], endNs: number): { fromNs: number; toNs: number } {
  const starts = operations.map((operation) => operation.invokedAtNs);
  const ends = operations.map((operation) => operation.completedAtNs ?? operation.invokedAtNs);
  const first = Math.min(...starts, endNs);
  const last = Math.max(...ends, first);
  const margin = Math.max((last - first) * 0.1, 1e6);
  return { fromNs: Math.max(0, first - margin), toNs: last + margin };
}

function violationsOf(result: CheckerResult): readonly AnyViolation[] {
  return "violations" in result && Array.isArray(result.violations) ? result.violations : [];
}

import { leads } from "../../history/annotations.ts";
import { readNames } from "../../history/read-operations.ts";
import { type AvailabilityBudgets, judgeBudgets } from "../availability-budgets.ts";
import type { Cause, Checker } from "../checker.ts";
import { faultEvents, healingOf } from "../fault-events.ts";
import { nodeLook } from "../node-looks.ts";
import { answeredTest } from "../operations/answered.ts";
import { operationsOf } from "../operations/build-table.ts";
import { type OperationTable, outcomes } from "../operations/operation-table.ts";
import type { AvailabilityCounts, AvailabilityResult, FaultWindow } from "../results.ts";
import { isUnstalled, type Stall, stallsOf, starvation } from "../run/stalls.ts";
import { clientsAtWork, ServiceTally, secondsWithin } from "../service.ts";
import { grouped, percent } from "../words.ts";

/** How much was answered during each fault and outside of all, and how soon after healing writes went through again. */
export const availabilityChecker = availabilityWith({});

/**
 * The same, and invalid where it breaks a budget. What could not be measured breaks none, and leaves it unknown. `reads`: names of
 * operations that change nothing, so that they show no recovery; neither does a transaction that only reads.
 */
export function availabilityWith(budgets: AvailabilityBudgets, reads?: readonly string[]): Checker<AvailabilityResult> {
  return {
    name: "availability",
    check: (history) => {
      const table = operationsOf(history);
      const isRead = readTest(table, reads);
      const judged = judgeBudgets(availabilityOf(table, isRead), budgets, attemptTimes(table, isRead));
      return judged.verdict === "invalid" ? unlessStarved(judged, starvation(table)) : judged;
    },
  };
}

/** Where the controller stood still for much of the run, that alone may have broken the budget. */
function unlessStarved(judged: AvailabilityResult, cause: Cause | null): AvailabilityResult {
  return cause === null
    ? judged
    : { ...judged, verdict: "unknown", summary: `${cause.reached}: ${judged.summary}`, cause };
}

/** When operations but reads were invoked, in order. */
function attemptTimes(table: OperationTable, isRead: RowTest): Float64Array {
  return table.invokedAtNs.subarray(0, table.count).filter((_, row) => !isRead(row));
}

type RowTest = (row: number) => boolean;

function readTest(table: OperationTable, reads: readonly string[] | undefined): RowTest {
  const functions = new Set([...readNames(reads)].map((name) => table.words.internText(name)));
  return (row) => functions.has(table.f[row]!) || table.onlyReads[row] === 1;
}

function availabilityOf(table: OperationTable, isRead: RowTest): AvailabilityResult {
  const spans = faultSpans(table);
  const stalls = stallsOf(table.annotations);
  const isAnswered = answeredTest(table);
  const isMeasured = measuredTest(table, stalls);
  const counted = (counts: (invokedAtNs: number) => boolean) =>
    count(table, isAnswered, (row) => isMeasured(row) && counts(table.invokedAtNs[row]!));
  const windows = spans.map((span) => ({
    ...span.window,
    ...counted((time) => within(span, time)),
    ...recovery(table, span, spans, stalls, isRead),
  }));
  const isFaulty = (row: number): boolean => spans.some((span) => within(span, table.invokedAtNs[row]!));
  const atWork = clientsAtWork(table);
  const faultySeconds = secondsWithin(
    atWork,
    spans.map(({ window }) => window),
  );
  const healthySeconds = (atWork.toNs - atWork.fromNs) / 1e9 - faultySeconds;
  const during = new ServiceTally(table);
  const outside = new ServiceTally(table);
  for (let row = 0; row < table.count; row++) {
    if (isMeasured(row)) (isFaulty(row) ? during : outside).add(row, isAnswered(row));
  }
  const duringFaults = during.counts(faultySeconds);
  const outsideFaults = outside.counts(healthySeconds);
  const total = duringFaults.total + outsideFaults.total;
  const counts = {
    windows,
    outsideFaults,
    duringFaults,
    excluded: table.count - total,
    elections: countElections(table),
    changes: countChanges(table, spans, stalls),
    stalls: stalls.length,
  };
  if (total > 0) return { verdict: "valid", summary: summary(counts), ...counts };
  const reached =
    table.count > 0 ? "every operation met a stall of the controller" : "the history has no client operations";
  const cause = { code: "nothing-tested", reached, remedy: "check that the workload ran" };
  return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, ...counts };
}

/** Operations that were under way while the controller stood still say nothing about how soon the store answers. */
function measuredTest(table: OperationTable, stalls: readonly Stall[]): (row: number) => boolean {
  if (stalls.length === 0) return () => true;
  return (row) => isUnstalled(stalls, table.invokedAtNs[row]!, table.completedAtNs[row]!);
}

function summary({ outsideFaults: outside, duringFaults: during, excluded }: Counted): string {
  const told = [
    ...(during.total > 0
      ? [`${percent(during.answered, during.total)} of ${grouped(during.total)} operations answered during faults`]
      : []),
    ...(outside.total > 0
      ? [
          `${percent(outside.answered, outside.total)} of ${grouped(outside.total)}${during.total > 0 ? "" : " operations answered"} outside faults`,
        ]
      : []),
    ...(excluded > 0 ? [`${grouped(excluded)} near stalls of the controller not counted`] : []),
  ];
  return told.join(", ");
}

type Counted = Pick<AvailabilityResult, "outsideFaults" | "duringFaults" | "excluded">;

interface Span {
  readonly window: Omit<FaultWindow, "recoveryMs" | "stalled" | keyof AvailabilityCounts>;
  /** When its healing began. */
  readonly healedFromNs: number;
}

/** A fault that was not healed lasts to the end of the history. */
function faultSpans(table: OperationTable): Span[] {
  const records = faultEvents(table.annotations);
  return records
    .filter(({ record }) => record.action === "inject")
    .map(({ event, record }) => {
      const healing = healingOf(records, record.id);
      const { id, variant, nodes, effective, startedNs } = record;
      const toNs = healing?.event.time ?? table.lastTime;
      const window = { id, fault: event.f, variant, nodes, fromNs: startedNs, toNs, effective };
      return { window, healedFromNs: healing?.record.startedNs ?? toNs };
    });
}

function within({ window }: Span, timeNs: number): boolean {
  return window.fromNs <= timeNs && timeNs < window.toNs;
}

function count(
  table: OperationTable,
  isAnswered: (row: number) => boolean,
  counts: (row: number) => boolean,
): AvailabilityCounts {
  let answered = 0;
  let total = 0;
  for (let row = 0; row < table.count; row++) {
    if (!counts(row)) continue;
    total++;
    if (isAnswered(row)) answered++;
  }
  return { answered, total };
}

/** How soon the store recovered; not measured where the controller stood still meanwhile. */
function recovery(
  table: OperationTable,
  span: Span,
  spans: readonly Span[],
  stalls: readonly Stall[],
  isRead: RowTest,
): Pick<FaultWindow, "recoveryMs" | "stalled"> {
  const { healedFromNs } = span;
  const starts = spans.map(({ window }) => window.fromNs).filter((fromNs) => fromNs >= healedFromNs);
  const nextFaultNs = Math.min(...starts);
  const recoveredNs = firstSuccessNs(table, healedFromNs, isRead);
  if (!isUnstalled(stalls, healedFromNs, Math.min(recoveredNs, nextFaultNs, table.lastTime))) {
    return { recoveryMs: null, stalled: true };
  }
  return { recoveryMs: recoveredNs < nextFaultNs ? (recoveredNs - healedFromNs) / 1e6 : null };
}

/** The end of the first operation but a read that was invoked at this time or later and went through. */
function firstSuccessNs(table: OperationTable, fromNs: number, isRead: RowTest): number {
  let first = Number.POSITIVE_INFINITY;
  for (let row = 0; row < table.count; row++) {
    if (table.outcome[row] !== outcomes.ok || table.invokedAtNs[row]! < fromNs || isRead(row)) continue;
    first = Math.min(first, table.completedAtNs[row]!);
  }
  return first;
}

/** How often the observer saw a leader of a term that had no leader before. */
function countElections(table: OperationTable): number {
  const terms = table.annotations.flatMap((event) => {
    const look = nodeLook(event);
    return look !== null && leads(look) && look.term !== undefined ? [look.term] : [];
  });
  return new Set(terms).size;
}

/**
 * Counted by when they were asked for alone, unlike in ./changes.ts: where faults follow each other soon, few changes are
 * made in between but just after a healing, and a budget for so few (M69) would notice nothing and accuse correct stores.
 */
function countChanges(
  { annotations }: OperationTable,
  spans: readonly Span[],
  stalls: readonly Stall[],
): AvailabilityResult["changes"] {
  const asked = faultEvents(annotations)
    .filter(
      ({ record: { action, startedNs } }) => action === "change" && !spans.some((span) => within(span, startedNs)),
    )
    .filter(({ event, record }) => isUnstalled(stalls, record.startedNs, event.time))
    .map(({ record }) => record);
  return { made: asked.filter(({ effective }) => effective).length, asked: asked.length };
}

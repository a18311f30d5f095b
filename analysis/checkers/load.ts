import type { Cause, Checker, CheckerResult } from "../checker.ts";
import { answeredTest } from "../operations/answered.ts";
import { operationsOf } from "../operations/build-table.ts";
import type { OperationTable } from "../operations/operation-table.ts";
import { type PlannedLoad, phasesOf, plannedLoad } from "../run/phases.ts";
import { grouped, percent } from "../words.ts";

/** `checkers.load`: whether clients sent as much as the plan asked for. */
export interface LoadResult extends CheckerResult {
  /** Operations that were due while the load went on; null for a closed loop, in which none is due at any time. */
  readonly requested: number | null;
  /** Of these, those that were sent in time for the load. */
  readonly sent: number;
  /** Those of the sent that the store answered: they succeeded, or were refused because of the data. */
  readonly answered: number;
  /** Those of the sent that the controller sent late though a client was free: for want of processor time. */
  readonly late: number;
}

/** Below this share of the requested operations the reader is told. */
const littleLoadShare = 0.8;
/** From this share of late operations on the reader is told. */
const muchLateShare = 0.05;
/** From this share on the controller, not the plan, decided what was tested. */
const mostLateShare = 0.5;
/** How late an operation is sent before it counts: longer than a turn of the event loop that handles a burst of answers. */
const lateNs = 100e6;
/** What is due just when the load ends may be sent so much sooner, and was not requested. */
const timerNs = 1e6;

/**
 * Whether a run tested the store as hard as it was asked to. Few operations find few bugs, so a run with hardly any load is
 * not valid, whatever kept the clients from sending: a store that does not answer, too few of them, or a busy controller.
 * Neither is one whose operations were hardly ever answered: what a client did not hear contradicts nothing.
 */
export const loadChecker: Checker<LoadResult> = {
  name: "load",
  check: (history) => judge(operationsOf(history)),
};

function judge(table: OperationTable): LoadResult {
  const plan = plannedLoad(table.annotations);
  if (plan === null) {
    const reached = "the history does not describe the load";
    const cause = { code: "nothing-tested", reached, remedy: "check that the run came to its load" };
    const none = { requested: null, sent: 0, answered: 0, late: 0 };
    return { verdict: "unknown", summary: `nothing was tested: ${reached}`, cause, ...none };
  }
  const counts = countLoad(table, plan);
  const cause = tooLittle(counts, plan);
  const summary = summarize(counts, plan);
  if (cause !== null) return { verdict: "unknown", summary: cause.reached, cause, ...counts };
  const warnings = warningsOf(counts, plan);
  return { verdict: "valid", summary, ...(warnings.length > 0 && { warnings }), ...counts };
}

type Counts = Pick<LoadResult, "requested" | "sent" | "answered" | "late">;

function countLoad(table: OperationTable, plan: PlannedLoad): Counts {
  const { startNs, timeLimitMs, rate } = plan;
  const next = phasesOf(table.annotations).find(({ event }) => event.time > startNs);
  const endNs = Math.min(startNs + timeLimitMs * 1e6, next?.event.time ?? table.lastTime);
  const lateRows = lateTest(table, plan);
  const isAnswered = answeredTest(table);
  const counts = { sent: 0, answered: 0, late: 0 };
  for (let row = 0; row < table.count; row++) {
    const isLate = lateRows(row);
    const invokedAtNs = table.invokedAtNs[row]!;
    if (invokedAtNs < startNs || invokedAtNs > endNs - timerNs) continue;
    counts.sent++;
    if (isAnswered(row)) counts.answered++;
    if (isLate) counts.late++;
  }
  // The first is due at once. Nanoseconds add up to a whole second only nearly.
  const due = Math.ceil((rate * (endNs - startNs)) / 1e9 - 1e-6);
  return { requested: rate === 0 ? null : due, ...counts };
}

/**
 * Whether the controller sent an operation late: long after both it was due and a client was free for it. Rows have to be
 * asked for in order. Where all clients wait for answers, an operation is late for the store's sake, not the controller's.
 */
function lateTest(table: OperationTable, { concurrency }: PlannedLoad): (row: number) => boolean {
  const ends = table.completedAtNs.slice(0, table.count).sort();
  let ended = 0;
  let freeSinceNs = 0;
  return (row) => {
    const nowNs = table.invokedAtNs[row]!;
    while (ended < ends.length && ends[ended]! <= nowNs) {
      if (row - ended === concurrency) freeSinceNs = ends[ended]!;
      ended++;
    }
    return nowNs - Math.max(table.intendedAtNs[row]!, freeSinceNs) > lateNs;
  };
}

function tooLittle(counts: Counts, { rate, minLoadShare, minAnsweredShare }: PlannedLoad): Cause | null {
  const { requested, sent, answered, late } = counts;
  if (sent === 0) {
    const remedy = "read the run's warnings and the nodes' logs";
    return { code: "no-load", reached: "no operation was sent", remedy };
  }
  if (requested !== null && sent < minLoadShare * requested) {
    const reached = `only ${share(sent, requested)} of the requested operations were sent; ${percent(minLoadShare)} are required`;
    const possible = Math.max(1, Math.floor((rate * sent) / requested));
    const remedy = `choose a --rate that can be reached, such as ${possible}, for more clients (--concurrency), or accept less (--min-load)`;
    return { code: "too-little-load", reached, remedy };
  }
  if (answered < minAnsweredShare * sent) {
    const reached = `only ${share(answered, sent)} of the sent operations were answered; ${percent(minAnsweredShare)} are required`;
    const remedy = "read the logs of the nodes, choose milder faults, or accept less (--min-answered-load)";
    return { code: "too-few-answers", reached, remedy };
  }
  if (late < mostLateShare * sent) return null;
  const reached = `the controller sent ${share(late, sent)} of the operations late, though a client was free`;
  return {
    code: "controller-late",
    reached,
    remedy: "give the controller a processor of its own, or choose a lower --rate",
  };
}

function warningsOf({ requested, sent, late }: Counts, { rate }: PlannedLoad): string[] {
  return [
    ...(requested !== null && sent < littleLoadShare * requested
      ? [`load: only ${share(sent, requested)} of the requested ${rate} a second were sent`]
      : []),
    ...(late >= muchLateShare * sent && late > 0
      ? [`load: the controller sent ${share(late, sent)} of the operations late, though a client was free`]
      : []),
  ];
}

function summarize({ requested, sent, answered, late }: Counts, { concurrency }: PlannedLoad): string {
  const load =
    requested === null
      ? `${grouped(sent)} operations sent by ${concurrency} clients`
      : `${share(sent, requested)} of the requested operations sent`;
  return `${load}, ${grouped(answered)} of them answered${late === 0 ? "" : `, ${grouped(late)} sent late by the controller`}`;
}

/** A share with its figures: "97.5 % (1170 of 1200)". */
function share(part: number, whole: number): string {
  return `${percent(part, whole)} (${grouped(part)} of ${grouped(whole)})`;
}

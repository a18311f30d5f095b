import { forGood } from "../history/annotations.ts";
import type { AvailabilityResult, FaultWindow } from "./results.ts";
import { grouped, percent } from "./words.ts";

/** What a store has to achieve. */
export interface AvailabilityBudgets {
  /** The least share of operations outside faults to be answered, from 0 to 1. */
  readonly minAnsweredShare?: number;
  /** How long after a healing an operation but a read must have gone through. */
  readonly maxRecoveryMs?: number;
  /** The least share of changes (of members, of leaders) asked for outside faults that are made, from 0 to 1. */
  readonly minChangesMadeShare?: number;
  /** How many elections a fault may cost; the one that the run begins with is free. */
  readonly maxElectionsPerFault?: number;
}

/** The result, judged by the budgets; as it is without any. `attemptsNs`: when operations but reads were invoked. */
export function judgeBudgets(
  result: AvailabilityResult,
  budgets: AvailabilityBudgets,
  attemptsNs: Float64Array,
): AvailabilityResult {
  if (result.verdict !== "valid") return result;
  const broken = [
    ...brokenShare(result, budgets),
    ...brokenRecoveries(result, budgets, attemptsNs),
    ...brokenChanges(result, budgets),
    ...brokenElections(result, budgets),
  ];
  if (broken.length > 0) return { ...result, verdict: "invalid", summary: `${broken.join("; ")} (${result.summary})` };
  const open = unmeasured(result, budgets);
  if (open === null) return result;
  const cause = { code: "not-measured", reached: open, remedy: "let load go on outside faults, and after the last" };
  return { ...result, verdict: "unknown", summary: `${cause.reached}: ${cause.remedy}`, cause };
}

function brokenShare({ outsideFaults }: AvailabilityResult, { minAnsweredShare }: AvailabilityBudgets): string[] {
  const { answered, total } = outsideFaults;
  if (minAnsweredShare === undefined || total === 0 || answered / total >= minAnsweredShare) return [];
  return [
    `only ${grouped(answered)} of ${grouped(total)} operations outside faults were answered (${percent(answered, total)}), ` +
      `and ${percent(minAnsweredShare)} are required`,
  ];
}

function brokenRecoveries(
  { windows }: AvailabilityResult,
  { maxRecoveryMs }: AvailabilityBudgets,
  attemptsNs: Float64Array,
): string[] {
  if (maxRecoveryMs === undefined) return [];
  return windows.flatMap((window) => {
    const { recoveryMs, fault, id, variant, stalled } = window;
    // What else is broken for good may begin only when this is healed.
    if (variant === forGood || stalled) return [];
    const waitedMs = recoveryMs ?? waited(window, windows, attemptsNs);
    if (waitedMs <= maxRecoveryMs) return [];
    const took =
      recoveryMs === null
        ? `nothing went through for ${Math.floor(waitedMs)} ms`
        : `recovery took ${Math.floor(recoveryMs)} ms`;
    return [`after ${fault} ${id} ${took}, and ${maxRecoveryMs} ms are allowed`];
  });
}

function brokenChanges({ changes }: AvailabilityResult, { minChangesMadeShare }: AvailabilityBudgets): string[] {
  const { made, asked } = changes;
  if (minChangesMadeShare === undefined || asked === 0 || made / asked >= minChangesMadeShare) return [];
  return [
    `only ${grouped(made)} of ${grouped(asked)} changes outside faults were made (${percent(made, asked)}), ` +
      `and ${percent(minChangesMadeShare)} are required`,
  ];
}

function brokenElections(result: AvailabilityResult, { maxElectionsPerFault }: AvailabilityBudgets): string[] {
  // What froze the controller may have frozen nodes, and so have cost them an election.
  if (maxElectionsPerFault === undefined || result.stalls > 0 || !tooManyElections(result, maxElectionsPerFault)) {
    return [];
  }
  const { windows, elections } = result;
  return [
    `${elections} leaders were elected over ${windows.length} faults, and ${maxElectionsPerFault} a fault are allowed`,
  ];
}

function tooManyElections({ windows, elections }: AvailabilityResult, maxPerFault: number): boolean {
  return elections - 1 > maxPerFault * windows.length;
}

/** A share of the whole, such as "66.7 %". */
/** How long after a fault, in milliseconds, operations but reads were still begun in vain; 0 where none was. */
function waited({ toNs }: FaultWindow, windows: readonly FaultWindow[], attemptsNs: Float64Array): number {
  const nextFault = Math.min(...windows.map(({ fromNs }) => fromNs).filter((fromNs) => fromNs >= toNs));
  const last = attemptsNs.findLast((time) => time < nextFault) ?? toNs;
  return Math.max(0, last - toNs) / 1e6;
}

function unmeasured(result: AvailabilityResult, budgets: AvailabilityBudgets): string | null {
  const { windows, outsideFaults, changes, stalls } = result;
  if (budgets.minAnsweredShare !== undefined && outsideFaults.total === 0) {
    return "no operation was invoked outside faults";
  }
  if (budgets.minChangesMadeShare !== undefined && changes.asked === 0) {
    return "no change was asked for outside faults";
  }
  const { maxElectionsPerFault, maxRecoveryMs } = budgets;
  if (stalls > 0 && maxElectionsPerFault !== undefined && tooManyElections(result, maxElectionsPerFault)) {
    return "stalls of the controller may have cost elections";
  }
  if (maxRecoveryMs === undefined) return null;
  const expected = windows.filter(({ variant }) => variant !== forGood);
  const measured = expected.filter(({ stalled }) => !stalled);
  if (measured.length === 0 && expected.length > 0) return "the controller stalled in every recovery";
  const open = measured.find(({ recoveryMs }) => recoveryMs === null);
  return open === undefined ? null : `the recovery after ${open.fault} ${open.id} was not seen`;
}

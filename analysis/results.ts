import type { Cause, CheckerResult } from "./checker-result.ts";
import type { ChangeTally } from "./checkers/changes.ts";
import type { MutantOutcome } from "./mutant.ts";
import { objectAnomalies } from "./objects/anomalies.ts";
import type { Verdict } from "./verdict.ts";

/** `results.json` of a run folder, and what reports are drawn from besides the history and `test.json`. */
export interface Results {
  /** The worst verdict of all checkers; `unknown` instead of `valid` where the run is inconclusive. */
  readonly verdict: Verdict;
  /** The verdict in one sentence. */
  readonly summary: string;
  readonly checkers: Readonly<Record<string, CheckerResult>>;
  readonly operations: OutcomeCounts;
  readonly faults: { readonly injected: number; readonly effective: number };
  /** Changes to the cluster that were tried, by the fault's name. */
  readonly changes?: readonly ChangeTally[];
  /** Things about the run itself that the reader must know: a stage that got stuck, a damaged last line, Ctrl-C. */
  readonly warnings: readonly string[];
  /** What keeps the run from being valid whatever was checked: it was cut short, no fault took hold, Keelhaul itself erred. */
  readonly inconclusive?: readonly Cause[];
  /** Of a run whose store was wrong on purpose. */
  readonly mutant?: MutantOutcome;
}

export interface OutcomeCounts {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}

/** An operation as explanations show it: invocation and completion in one. Times in nanoseconds of the history. */
export interface OperationView {
  /** History index of the invocation: the operation's name in explanations. */
  readonly index: number;
  readonly process: number;
  readonly f: string;
  readonly key?: string;
  /** What was written, compared and set ([old, new]), or read (null: absent). */
  readonly value: unknown;
  readonly outcome: "ok" | "fail" | "info";
  readonly invokedAtNs: number;
  /** Left out while the outcome is unknown: it may take effect at any later time. */
  readonly completedAtNs?: number;
  readonly node?: string;
  readonly error?: string;
}

/** Operations that contradict each other: leaving any one out would let the rest be linearized. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly key: string;
  /** The contradiction told with node, process, value and seconds since the start. */
  readonly sentence: string;
  readonly operations: readonly OperationView[];
  /** Why each order is forced, for arrows on the timeline; `before` and `after` are operation indexes. */
  readonly orders: readonly { readonly before: number; readonly after: number; readonly why: string }[];
  /** Lower bounds, for a read that returned an overwritten value. */
  readonly staleness?: { readonly versions: number; readonly milliseconds: number };
}

export const registerViolationKinds = {
  "stale-read": "a read returned a value that had certainly been overwritten before it began",
  "reads-disagree": "operations saw two values in both orders",
  "future-read": "a read returned a value before its write was invoked",
  "phantom-read": "a read returned a value that nobody wrote",
  "aborted-read": "a read returned the value of a write that certainly did not happen",
  "double-cas": "two compare-and-sets succeeded from the same value",
  "cas-cycle": "compare-and-sets that each need another one first",
  "cas-refused": "a compare-and-set was refused although the register held the compared value all the while",
  order: "operations of one chain of values happened in an order that the chain forbids",
} as const satisfies Record<string, string>;
export type RegisterViolationKind = keyof typeof registerViolationKinds;

/** Every contradiction that a checker can name, with its meaning. */
export const violationKinds = {
  ...registerViolationKinds,
  ...objectAnomalies,
  "sequential-cycle": "operations must each come before the next one, and the last before the first",
};
export type ViolationKind = keyof typeof violationKinds;

/** `checkers.register`: the exact check, key by key. */
export interface RegisterResult extends CheckerResult {
  readonly keys: { readonly checked: number; readonly invalid: number; readonly unknown: number };
  /** Client operations that took part in the check. */
  readonly operations: number;
  /** At most 20, the most telling first (smallest set, then earliest); `violationCount` counts one a key. */
  readonly violations: readonly Violation[];
  readonly violationCount: number;
  /** Reads that were stale on their own, over all keys; the worst of them. */
  readonly staleReads: { readonly count: number; readonly maxVersions: number; readonly maxMilliseconds: number };
}

/** `checkers.statistics`: always valid, unless nothing at all was answered. */
export interface StatisticsResult extends CheckerResult {
  readonly total: OutcomeCounts;
  readonly byFunction: Readonly<Record<string, FunctionStatistics>>;
  readonly byError: Readonly<Record<string, number>>;
  /** Completed operations a second between the first invocation and the last completion. */
  readonly perSecond: number;
}

export interface FunctionStatistics extends OutcomeCounts {
  readonly latencyMs: LatencySummary | null;
  /**
   * Counted from when each operation was due, as a user feels it: waiting for a free client counts. Only where some
   * operation had to wait.
   */
  readonly latencyFromDueMs?: LatencySummary;
}

/** Of ok operations, in milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * `checkers.availability`. An operation is *answered* when it ended ok, or in a refused compare (which the register
 * had to be read for); it belongs to a fault's window when it was invoked in it.
 */
export interface AvailabilityResult extends CheckerResult {
  /** A window lasts from the start of the injection (`startedNs`) to the time of the last healing's record. */
  readonly windows: readonly FaultWindow[];
  readonly outsideFaults: ServiceCounts;
  readonly duringFaults: ServiceCounts;
  /** Operations that were not counted: the controller stood still while they were under way, or just before. */
  readonly excluded: number;
  /** How often the controller stood still. */
  readonly stalls: number;
  /** How often the observer saw a leader of a new term. */
  readonly elections: number;
  /** Changes of members and leaders that were asked for outside of all windows, and how many of them were made. */
  readonly changes: { readonly made: number; readonly asked: number };
}

export interface AvailabilityCounts {
  readonly answered: number;
  readonly total: number;
}

/** How the store served its clients in a part of a run. */
export interface ServiceCounts extends AvailabilityCounts {
  /** How many of them were answered within `promptMs` of when they were due. */
  readonly prompt: number;
  /** How long that part lasted, with a client at work. */
  readonly seconds: number;
  /** Of ok operations, by their function, from when they were due. */
  readonly latencyMs: Readonly<Record<string, LatencySummary>>;
}

/** An answer that comes later is no use to most callers. Half of the shortest election timeout by default. */
export const promptMs = 250;

export interface FaultWindow extends AvailabilityCounts {
  readonly id: number;
  readonly fault: string;
  readonly variant: string;
  readonly nodes: readonly string[];
  readonly fromNs: number;
  readonly toNs: number;
  readonly effective: boolean;
  /**
   * From the start of the last healing (`startedNs`) to the completion of the first ok operation but a read that was
   * invoked after it; null when there was none before the next fault.
   */
  readonly recoveryMs: number | null;
  /** The controller stood still meanwhile, so that the recovery was not measured. */
  readonly stalled?: true;
}

/** `checkers["list-append"]` and `checkers["rw-register"]`: transactions by their dependencies. */
export interface TransactionsResult extends CheckerResult {
  /** The consistency models that were asked for, each with its verdict; the checker's is the worst. */
  readonly models: readonly { readonly model: string; readonly verdict: Verdict }[];
  /** Transactions that took effect, for certain or because somebody saw what they wrote; and the keys they touched. */
  readonly transactions: number;
  readonly keys: number;
  /** What was found, by name. `forbidden`: by a model asked for. A cycle counts once a group of transactions. */
  readonly anomalies: Readonly<Record<string, { count: number; meaning: string; forbidden: boolean }>>;
  /** Every consistency model that the anomalies rule out, and the weakest of them. */
  readonly modelsRuledOut: readonly string[];
  readonly weakestModelsRuledOut: readonly string[];
  /** The strongest models that nothing found rules out, no stronger than the edges looked at can tell. */
  readonly strongestModels: readonly string[];
  /** A few examples of each anomaly, those that the model forbids first. */
  readonly violations: readonly TransactionViolation[];
}

/** Transactions that show an anomaly, in the order of their beginnings; the sentence calls them T1, T2, … */
export interface TransactionViolation {
  /** Such as `G1a`, `lost-update`, `G-single-realtime`. */
  readonly kind: string;
  readonly sentence: string;
  readonly operations: readonly OperationView[];
  /** Of a cycle, in its order: why each transaction comes before the next; indexes as in `Violation`. */
  readonly orders: readonly {
    readonly type: "ww" | "wr" | "rw" | "process" | "realtime";
    readonly before: number;
    readonly after: number;
    readonly why: string;
  }[];
}

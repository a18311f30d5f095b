import type { CheckerResult } from "../../../analysis/checker-result.ts";
import type { ChangeTally } from "../../../analysis/checkers/changes.ts";
import type {
  AvailabilityCounts,
  FaultWindow,
  OperationView,
  OutcomeCounts,
  StatisticsResult,
  TransactionViolation,
  Violation,
} from "../../../analysis/results.ts";
import type { LongestPrefix } from "../../../analysis/search/result.ts";
import type { Verdict } from "../../../analysis/verdict.ts";
import type { Edge, Evidence, PhaseRecord } from "../../../history/annotations.ts";
import type { StepRecord } from "../../../history/steps.ts";
import type { TestRecord } from "../../../history/test-record.ts";

/**
 * All that the page of one run is drawn from: the results, and the history boiled down to what a screen can show.
 * Plain JSON; its size does not grow with the number of operations.
 */
export interface RunDigest {
  /** Null for an imported history, which comes without a plan. */
  readonly test: TestRecord | null;
  /** Whether the run was analysed; without results the verdict is `unknown`. */
  readonly analysed: boolean;
  readonly verdict: Verdict;
  readonly summary: string;
  readonly essentials: Essentials;
  readonly warnings: readonly string[];
  readonly violations: readonly ViolationScene[];
  /** How many contradictions there are in all; only the most telling violations are shown. */
  readonly violationCount: number;
  /** The same by kind, with how many there are of each. */
  readonly groups: readonly ViolationGroup[];
  /** What was seen inside of the store and must never be. */
  readonly inside: InsideScene | null;
  readonly checkers: readonly CheckerLine[];
  readonly throughput: Throughput;
  readonly latency: Latency;
  readonly faults: readonly FaultDigest[];
  readonly changes: readonly ChangeTally[];
  readonly availability: Availability | null;
  readonly nodes: readonly NodeLane[];
  readonly phases: readonly { readonly phase: PhaseRecord["phase"]; readonly atNs: number }[];
  readonly statistics: StatisticsResult | null;
  readonly errors: readonly ErrorLine[];
}

export interface Essentials {
  readonly operations: OutcomeCounts;
  readonly faults: { readonly injected: number; readonly effective: number };
  /** Changes to the cluster that were tried, and those made. */
  readonly changes: { readonly tried: number; readonly made: number };
  readonly elections: number;
  readonly durationNs: number;
}

export interface CheckerLine extends CheckerResult {
  readonly name: string;
  /** What a checker counts by name; empty for one that does not. */
  readonly anomalies: readonly AnomalyLine[];
  /** What the anomalies of transactions say about consistency models. */
  readonly models?: { readonly ruledOut: readonly string[]; readonly strongest: readonly string[] };
}

/** Violations that one checker found and that are of one kind. */
export interface ViolationGroup {
  readonly checker: string;
  readonly kind: string;
  /** What the kind means; the kind itself where no table says. */
  readonly meaning: string;
  /** False for an anomaly that the consistency model asked for allows. */
  readonly forbidden: boolean;
  /** How many there are; never fewer than are drawn. */
  readonly count: number;
  /** Places of those drawn in `RunDigest.violations`. */
  readonly examples: readonly number[];
  /** Different keys among those drawn. */
  readonly keys: number;
  /** Nodes that answered, most often first: of all where that was counted, else of those drawn. */
  readonly byNode: readonly NodeCount[];
}

export interface NodeCount {
  readonly node: string;
  readonly count: number;
}

export interface AnomalyLine {
  readonly name: string;
  readonly count: number;
  /** Null for a name that no table explains. */
  readonly meaning: string | null;
  /** Whether it breaks what was asked of the system, or is merely told. */
  readonly forbidden: boolean;
}

/** A violation of any checker, with what every node was, and which faults were active, at that time. */
export interface ViolationScene {
  readonly kind: string;
  /** What the violation's kind means; the kind itself where no table says. */
  readonly meaning: string;
  /** The checker that found it. */
  readonly checker: string;
  /** Null for what spans keys, or has none. */
  readonly key: string | null;
  readonly sentence: string;
  readonly operations: readonly OperationView[];
  readonly orders: readonly (Violation["orders"][number] & {
    readonly type?: TransactionViolation["orders"][number]["type"];
  })[];
  /** Names by which the sentence calls the operations, in their order; empty where it calls them by their values. */
  readonly names: readonly string[];
  /** False for an anomaly that the consistency model asked for allows. */
  readonly forbidden: boolean;
  readonly prefix?: LongestPrefix;
  readonly fromNs: number;
  readonly toNs: number;
  readonly nodes: readonly NodeLane[];
  /** Ids of the faults active at some time in between. */
  readonly faultIds: readonly number[];
  /** Null where no operation names the node that answered it. */
  readonly cause: LikelyCause | null;
}

/** What most probably led to a violation: clauses to be shown as a sentence each. */
export interface LikelyCause {
  /** Who did what, what had been done to it, what it took itself for, and who led. */
  readonly situation: string;
  /** The mutant or the settings that allow it, or that there are none. Null without a plan. */
  readonly explanation: string | null;
}

/** An invariant of the store that was broken, and what its nodes did before. */
export interface InsideScene {
  readonly invariant: string;
  readonly name: string;
  /** What must hold. */
  readonly statement: string | null;
  readonly nodes: readonly string[];
  /** What was found. */
  readonly detail: string;
  readonly atNs: number;
  readonly cause: LikelyCause | null;
  /** Campaigns, elections, starts and crashes that came before the last steps. */
  readonly turns: readonly StepRecord[];
  /** Everything that happened last, up to the step that broke it. */
  readonly steps: readonly StepRecord[];
}

/** Operations that ended in each stretch of time, by outcome. */
export interface Throughput extends Buckets {
  readonly ok: readonly number[];
  readonly fail: readonly number[];
  readonly info: readonly number[];
}

/** Equal stretches of time from the start of the run; bucket i spans [i, i + 1) x bucketNs. */
export interface Buckets {
  readonly bucketNs: number;
}

/** Latency in milliseconds by time of invocation; `info` until the client gave up. */
export interface Latency extends Buckets {
  /** Of ok operations invoked in each bucket; null where there were none. */
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Single operations: all, or a sample that keeps the extremes of every stretch of time. */
  readonly points: Readonly<Record<"ok" | "fail" | "info", PointSeries>>;
}

export interface PointSeries {
  /** How many there are in the history; `seconds` and `ms` may hold fewer. */
  readonly total: number;
  readonly seconds: readonly number[];
  readonly ms: readonly number[];
}

/** One injection of a fault, from the history's nemesis records and the availability check. */
export interface FaultDigest {
  readonly id: number;
  readonly fault: string;
  readonly variant: string;
  readonly label: string;
  readonly color: string;
  readonly nodes: readonly string[];
  readonly cut: readonly Edge[];
  readonly fromNs: number;
  /** Null when the history ends before the fault was healed. */
  readonly toNs: number | null;
  readonly effective: boolean;
  /** A change to the cluster: over when it is made, and without effect when the cluster refused it. */
  readonly change: boolean;
  /** Whether all was shown to be back after healing; null when it was not healed. */
  readonly healed: boolean | null;
  readonly evidence: readonly Evidence[];
  readonly healEvidence: readonly Evidence[];
  readonly problems: readonly string[];
  readonly window: FaultWindow | null;
}

export interface Availability {
  readonly outsideFaults: AvailabilityCounts;
  readonly duringFaults: AvailabilityCounts;
}

export interface NodeLane {
  readonly node: string;
  readonly segments: readonly RoleSegment[];
}

export interface RoleSegment {
  /** The store's own word, or one of `NodeRecord`. */
  readonly role: string;
  readonly leads: boolean;
  readonly term: number | null;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface ErrorLine {
  readonly code: string;
  readonly count: number;
  /** Null for a code of the imported history. */
  readonly meaning: string | null;
  readonly certain: boolean | null;
}

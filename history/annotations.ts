import type { StepRecord } from "./steps.ts";

/**
 * The records that the harness's own voices put into the history's `value`, so that reports can be drawn from the
 * history alone. Every record is plain JSON.
 */

/** A directed edge `[from, to]`: messages that `from` sends to `to`. */
export type Edge = readonly [from: string, to: string];

/** One measured fact that a fault took effect, or that it ended. `proves` false: measured, and found without effect. */
export interface Evidence {
  /** What the fact is about: a node (`n1`) or an edge (`n1->n2`). */
  readonly subject: string;
  /** In words, with the figure: "probe refused after 150 ms", "pid 4711 in state T", "37 packets dropped". */
  readonly observation: string;
  readonly proves: boolean;
}

/** The variant of a fault that the load does not outlast: a majority has to go on beside it, and nothing recovers from it. */
export const forGood = "for-good";

/**
 * `process: "nemesis"`, `f`: the fault's name. One record at injection, one at healing, with the same `id`; one alone of a
 * `change` to the cluster (its members, its leader), which is over when it is made.
 */
export interface FaultRecord {
  readonly id: number;
  readonly action: "inject" | "heal" | "change";
  /**
   * When the deed began, in nanoseconds of the history's clock; the event's own time is when its evidence was
   * complete. A fault is active from the start of its injection to the end of its healing.
   */
  readonly startedNs: number;
  /** Which form of the fault: for a partition `halves`, `leader`, `one-way`, …; else the fault's own name, or `forGood`. */
  readonly variant: string;
  readonly nodes: readonly string[];
  readonly cut?: readonly Edge[];
  readonly evidence: readonly Evidence[];
  /** Inject, change: whether every targeted subject was shown to be hit. Heal: whether all is shown to be back. */
  readonly effective: boolean;
  /** What went wrong when injecting or healing, if anything. */
  readonly problem?: string;
}

/** Whether what a nemesis says is such a record: those of other recorders say what they like. */
export function isFaultRecord(value: unknown): value is FaultRecord {
  if (typeof value !== "object" || value === null) return false;
  const { id, action, startedNs, nodes, evidence } = value as Partial<Record<keyof FaultRecord, unknown>>;
  const isAction = action === "inject" || action === "heal" || action === "change";
  return isAction && typeof id === "number" && typeof startedNs === "number" && [nodes, evidence].every(Array.isArray);
}

/** `process: "observer"`, `f: "node"`: recorded when it differs from the node's last record. */
export interface NodeRecord {
  readonly node: string;
  /**
   * The store's own word. The harness's words: `down`, no process; `unreachable`, a process that did not answer (paused, or too
   * busy); `up`, a node that answers, of a store without roles.
   */
  readonly role: string;
  /** Whether the node leads. Left out: it does if its role is `leader`. */
  readonly leads?: boolean;
  readonly term?: number;
  readonly leader?: string;
}

/** Whether a node said that it leads. */
export function leads({ role, leads = role === "leader" }: NodeRecord): boolean {
  return leads;
}

/**
 * `process: "controller"`, `f: "phase"`: in this order, without those that a run did not reach. `failed`, `violated`
 * (a violation was found, and the run stops there) and `interrupted` are recorded when they happen; after them everything is healed and stopped. `end` comes last: a history without it was
 * cut short.
 */
export type PhaseRecord =
  | LoadPhase
  | InterruptedPhase
  | FailedPhase
  | { readonly phase: "start" | "liveness" | "violated" | "final-reads" | "stop" | "end" };

/** What the load is planned to be, so that a history alone shows how much of it was reached. */
export interface LoadPhase {
  readonly phase: "load";
  readonly timeLimitMs: number;
  /** Operations a second, over all clients; 0: as fast as possible. */
  readonly rate: number;
  readonly concurrency: number;
  /** The share of the requested operations, from 0 to 1, that clients have to send for the run to be valid. */
  readonly minLoadShare: number;
  /** The share of the sent operations that have to be answered; left out where it is the default. */
  readonly minAnsweredShare?: number;
  /** The share of the injected faults that have to take effect; left out where it is the default. */
  readonly minEffectiveShare?: number;
  /** Whether faults are to be injected meanwhile. */
  readonly withFaults: boolean;
}

export interface InterruptedPhase {
  readonly phase: "interrupted";
  /** The signal that a process got, such as `SIGTERM`; left out where a program asked for it. */
  readonly by?: string;
}

export interface FailedPhase {
  readonly phase: "failed";
  /** The stage and what went wrong in it: one sentence. */
  readonly reason: string;
}

/** `process: "controller"`, `f: "warning"`: something about the run itself that its reader must know. */
export interface WarningRecord {
  /** The stage of the run, and what went wrong in it, with node or operation: one sentence. */
  readonly warning: string;
}

/** `process: "controller"`, `f: "invariants"`: once, at the end of a run whose cluster was looked into at every step. */
export interface InvariantsRecord {
  readonly steps: number;
  /** The first thing that was seen and must never be; it ended the run. */
  readonly violation: ViolationRecord | null;
  /** Why nothing could be looked at. */
  readonly problem?: string;
}

export interface ViolationRecord {
  /** Such as `I5`. */
  readonly invariant: string;
  readonly name: string;
  readonly timeNs: number;
  readonly nodes: readonly string[];
  /** What must hold, where it has a sentence of its own. */
  readonly statement?: string;
  /** What was found, with figures. */
  readonly detail: string;
  /** What led to it, oldest first. */
  readonly lastSteps: readonly StepRecord[];
  /** The last campaigns, elections, starts and crashes, of which most came before that. */
  readonly lastTurns?: readonly StepRecord[];
}

/** `process: "controller"`, `f: "process-end"`: a node's process ended, and neither a fault nor the run's end had ended it. */
export interface ProcessEndRecord {
  readonly node: string;
  /** Its name, where the node runs several. */
  readonly process?: string | undefined;
  /** In nanoseconds of the history's clock; the event's own time is when it was noticed. */
  readonly endedNs: number;
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last that it logged; null: nothing. */
  readonly lastLine: string | null;
  /** Why the store is not to blame, such as a disk that was made to fail. */
  readonly excuse?: string | undefined;
}

/** `process: "controller"`, `f: "stall"`: the controller itself stood still, and its clients' timeouts ran on. */
export interface StallRecord {
  readonly stalledMs: number;
}

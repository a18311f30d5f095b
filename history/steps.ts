/**
 * Steps of a store's nodes, as what looks inside of it records them. They hold data; reports supply the words. All of it
 * is plain JSON, and as short as its reader needs: entries are named by their places, without what they hold.
 */

/** One thing that happened at a node, and what the node did about it. */
export interface StepRecord {
  /** Counts the steps of the cluster, from 1. */
  readonly step: number;
  /** On the run's clock; left out where it is not known. */
  readonly timeNs?: number;
  readonly node: string;
  readonly event: StepEvent;
  readonly effects: readonly StepEffect[];
}

export type StepEvent =
  | { readonly type: "start" | "crash" | "tick" }
  | { readonly type: "receive"; readonly from: string; readonly message: StepMessage }
  | { readonly type: "propose"; readonly commands: number }
  | { readonly type: "read"; readonly reads: number; readonly mode: string }
  /** The core hears that a write is durable; `durable`: the disk has it. */
  | { readonly type: "persisted" | "durable"; readonly write: number }
  | { readonly type: "applied" | "snapshot-made" | "snapshot-taken" | "snapshot-restored"; readonly index: number }
  | { readonly type: "snapshot-sent" | "snapshot-failed"; readonly to: string; readonly index: number }
  | { readonly type: "reconfigure" | "transfer" };

export type StepEffect =
  | {
      readonly type: "persist";
      readonly write: number;
      readonly term?: number;
      readonly votedFor?: string | null;
      /** The log begins anew after this position. */
      readonly base?: LogPlace;
      readonly truncateFrom?: number;
      readonly append?: LogRange;
    }
  /** `after`: the write that must be durable before the message leaves. */
  | { readonly type: "send"; readonly to: string; readonly message: StepMessage; readonly after?: number }
  | { readonly type: "apply"; readonly entries: LogRange }
  | { readonly type: "role"; readonly role: string; readonly term: number; readonly reason: string }
  | { readonly type: "serve-read"; readonly reads: number }
  | { readonly type: "reply"; readonly requests: number; readonly outcome: string }
  | { readonly type: "restore" | "compact"; readonly index: number }
  | { readonly type: "send-snapshot"; readonly to: string; readonly index: number }
  | { readonly type: "change-answer" | "transfer-ended"; readonly outcome: string }
  | { readonly type: "follower-lost-entries"; readonly follower: string; readonly index: number };

/** A message between nodes: its type, its term, and those of its fields that tell what it asks or answers. */
export interface StepMessage {
  readonly type: string;
  readonly term: number;
  readonly prev?: LogPlace;
  /** How many entries it carries. */
  readonly entries?: number;
  readonly commitIndex?: number;
  readonly matchIndex?: number;
  readonly rejectedPrev?: number;
  readonly hint?: LogPlace;
  readonly lastLog?: LogPlace;
  readonly granted?: boolean;
  readonly snapshot?: LogPlace;
}

/** An entry of a log, or the place of one. */
export interface LogPlace {
  readonly index: number;
  readonly term: number;
}

/** Entries that follow each other; null: none. */
export type LogRange = { readonly first: LogEntry; readonly last: LogEntry } | null;

export interface LogEntry extends LogPlace {
  readonly kind: string;
}

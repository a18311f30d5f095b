import type { Effect, Event } from "../core/events.ts";
import type { HardState, Index, NodeId } from "../core/types.ts";
import type { LogModel, Position } from "./log-model.ts";
import type { NodeView, StartView } from "./node-view.ts";
import type { NodeRecord, World } from "./world.ts";

/** A property of every correct execution, whatever fails and when. */
export interface Invariant {
  readonly id: `I${number}`;
  readonly name: string;
  readonly statement: string;
  readonly source: string;
  /** What of it the traces of a real run do not tell; left out where they tell all. */
  readonly notOnTraces?: string;
  /** Begins to watch a cluster. What it finds broken it tells by `violated`, which throws. */
  watch(world: World, violated: Violated): Watcher;
}

/** Says what is wrong, in a sentence, and on which nodes. */
export type Violated = (nodes: readonly NodeId[], detail: string) => never;

/** What an invariant looks at. The world holds what is so after it, `node.before` how the node was. */
export interface Watcher {
  started?(start: Start): void;
  stepped?(step: Step): void;
  durable?(node: NodeRecord): void;
  carriedOut?(node: NodeRecord, deed: SessionDeed): void;
  snapshotTaken?(node: NodeRecord, content: SnapshotContent): void;
  snapshotRestored?(node: NodeRecord, content: Omit<SnapshotContent, "applied">): void;
  copyRecovered?(copy: CopiedDisk): void;
}

/** What a crash would have left of a node's disk at one moment, and what the node finds on it. */
export interface CopiedDisk {
  readonly id: NodeId;
  /** What was durable at that moment; null for a node that has not taken part yet. */
  readonly promised: DiskPromise | null;
  readonly found: FoundOnCopy;
  /** The log that was found; null where the node would not start. */
  readonly log: LogModel | null;
}

export interface DiskPromise {
  readonly hard: HardState;
  readonly snapshot: Position | null;
  readonly log: LogModel;
  /** Where the log ends if writes that are under way are done. */
  readonly pendingEnds: readonly Position[];
}

/** Why the node would not start, or what it would start with. */
export type FoundOnCopy =
  | { readonly refusal: string }
  | { readonly hard: HardState; readonly start: StartView; readonly snapshotDigest: string | null };

/** A node begins, for the first time or again. `node.disk` is what its disk held by what was seen of it until now. */
export interface Start {
  readonly node: NodeRecord;
  readonly start: StartView;
  /** Where a recovered entry is not what is known of its position. */
  readonly mismatch: string | null;
}

/** One event at a node, and what it did to the log. */
export interface Step {
  readonly node: NodeRecord;
  readonly view: NodeView;
  readonly event: Event;
  readonly effects: readonly Effect[];
  readonly truncatedFrom: Index | null;
  /** Entries that the node appended, and those of them that no log had before. */
  readonly appended: readonly Position[];
  readonly created: readonly Position[];
  /** Where an appended entry is not what is known of its position, or not behind what it should be. */
  readonly mismatch: string | null;
}

/** A state machine did what a session's command says (it did not merely repeat its answer). */
export interface SessionDeed {
  readonly session: number;
  readonly sequence: number;
  /** The entry that asked for it. */
  readonly index: Index;
}

/** What is in a snapshot, beside what its label says. */
export interface SnapshotContent {
  /** The last entry by the label. */
  readonly label: Index;
  /** The last entry that the state machine had applied. */
  readonly applied: Index;
  /** The same for the same state, and for no other. */
  readonly digest: string;
}

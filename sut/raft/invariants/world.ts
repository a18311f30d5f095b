import type { Effect, Event } from "../core/events.ts";
import { jointVote } from "../core/quorum.ts";
import type {
  Entry,
  HardState,
  Index,
  IoId,
  LogPosition,
  Membership,
  NodeId,
  Role,
  SnapshotMeta,
  Term,
} from "../core/types.ts";
import type { Step } from "./invariant.ts";
import { CommittedLog, LogModel, type Position, Positions } from "./log-model.ts";
import type { NodeView, StartView } from "./node-view.ts";
import { sameContent } from "./same-content.ts";

/** What is known of a node, up or down. */
export interface NodeRecord {
  readonly id: NodeId;
  up: boolean;
  view: NodeView;
  /** How the view was before the step under way. */
  readonly before: Shown;
  readonly log: LogModel;
  /** What its disk holds, as it was told by the disk. */
  readonly disk: { hard: HardState; log: LogModel; snapshot: Position | null };
  /** Writes that may or may not be on the disk. */
  pending: PendingWrite[];
}

/** How a view was, to be compared with how it is now. */
interface Shown {
  term: Term;
  role: Role;
  votedFor: NodeId | null;
  commitIndex: Index;
  lastApplied: Index;
}

/** `last`: the log's end once it is done. */
interface PendingWrite {
  readonly io: IoId;
  readonly effect: Persist;
  readonly base: Position | null;
  readonly appended: readonly Position[];
  readonly last: Position;
}

type Persist = Extract<Effect, { type: "persist" }>;
type Changes = { created: Position[]; appended: Position[]; mismatch: string | null };

const none: readonly never[] = [];

/** A cluster as it can be seen from outside: logs in memory and on disk, who led when, what is committed. */
export class World {
  readonly nodes = new Map<NodeId, NodeRecord>();
  readonly positions = new Positions();
  readonly committed = new CommittedLog();
  /** Who was first seen to lead a term. */
  readonly leaders = new Map<Term, NodeId>();
  /** Whether the node would answer reads alone now, by its own clock. */
  readonly holdsLease: (id: NodeId) => boolean;

  constructor(holdsLease: (id: NodeId) => boolean) {
    this.holdsLease = holdsLease;
  }

  node(id: NodeId): NodeRecord {
    const node = this.nodes.get(id);
    if (node === undefined) throw new RangeError(`node ${id} was never started`);
    return node;
  }

  /** The node with the log that it starts with; what is known of its disk is what was known before. */
  start(view: NodeView, start: StartView): { readonly node: NodeRecord; readonly mismatch: string | null } {
    const known = this.nodes.get(view.id);
    const { log, mismatch } = this.#startedLog(start);
    const snapshot = start.snapshot === null ? null : this.#snapshotPosition(start.snapshot);
    const disk = known?.disk ?? { hard: { term: view.term, votedFor: view.votedFor }, log: log.copy(), snapshot };
    const node = { id: view.id, up: true, view, before: shownBy(view), log, disk, pending: known?.pending ?? [] };
    this.nodes.set(view.id, node);
    return { node, mismatch };
  }

  /** From now on the disk is what the node found on it. */
  trustDisk(node: NodeRecord, { snapshot }: StartView): void {
    const { term, votedFor } = node.view;
    node.disk.hard = { term, votedFor };
    node.disk.log = node.log.copy();
    node.disk.snapshot = snapshot === null ? null : this.#snapshotPosition(snapshot);
    node.pending = [];
  }

  /** The log that a node would start with. */
  recoveredLog(start: StartView): LogModel {
    return this.#startedLog(start).log;
  }

  step(node: NodeRecord, event: Event, effects: readonly Effect[]): Step {
    const { view } = node;
    if (view.role === "leader" && !this.leaders.has(view.term)) this.leaders.set(view.term, node.id);
    this.#keepSnapshot(node, event);
    const effect = effects[0];
    if (effect?.type !== "persist") {
      return { node, view, event, effects, truncatedFrom: null, appended: none, created: none, mismatch: null };
    }
    const { appended, created, mismatch } = this.#write(node, effect, event);
    return { node, view, event, effects, truncatedFrom: effect.truncateFrom ?? null, appended, created, mismatch };
  }

  /** This write and all before it are durable. */
  durable(node: NodeRecord, io: IoId): void {
    while ((node.pending[0]?.io ?? Number.POSITIVE_INFINITY) <= io) this.#toDisk(node, node.pending.shift()!);
  }

  /** Whether the log has the position, or stands behind a snapshot that has. */
  holds(log: LogModel, position: Position): boolean {
    if (position.index > log.base.index) return log.at(position.index) === position;
    return position === log.base || this.isCommitted(position);
  }

  /** Whether the position survives on this node whatever happens to the process. */
  holdsDurably({ disk }: NodeRecord, position: Position): boolean {
    const { log, snapshot } = disk;
    if (this.holds(log, position)) return true;
    return snapshot !== null && position.index <= snapshot.index && this.isCommitted(position);
  }

  isCommitted(position: Position): boolean {
    const known = this.committed.at(position.index);
    return known === position || (known === null && position.index <= this.committed.lastIndex);
  }

  /** Whether a majority (both while members change) holds the position durably, nodes that are down included. */
  quorumHolds(members: Membership, position: Position): boolean {
    const holds = (id: NodeId) => this.nodes.has(id) && this.holdsDurably(this.node(id), position);
    return jointVote(members, holds) === "won";
  }

  /** Whether no majority could be made of servers that lack the position. */
  everyQuorumHolds(members: Membership, position: Position): boolean {
    const lacks = (id: NodeId) => !(this.nodes.has(id) && this.holdsDurably(this.node(id), position));
    return jointVote(members, lacks) !== "won";
  }

  /** The leader of the latest term, if it is up. */
  topLeader(): NodeRecord | null {
    let top: NodeRecord | null = null;
    for (const node of this.nodes.values()) {
      if (node.up && node.view.role === "leader" && (top === null || node.view.term > top.view.term)) top = node;
    }
    return top;
  }

  #startedLog({ base, entries }: StartView): { readonly log: LogModel; readonly mismatch: string | null } {
    const log = new LogModel(this.positions.find(base) ?? this.positions.create(base, null, null));
    const changes: Changes = { created: [], appended: [], mismatch: null };
    for (const entry of entries) this.#append(log, entry, entry.entry, changes);
    return { log, mismatch: changes.mismatch };
  }

  #snapshotPosition(snapshot: SnapshotMeta): Position {
    const known = this.positions.find(snapshot);
    if (known !== null) return known;
    const created = this.positions.create(snapshot, null, null);
    created.members = snapshot.membership;
    return created;
  }

  /** A snapshot is durable before the core hears of it, its own and another's. */
  #keepSnapshot(node: NodeRecord, event: Event): void {
    const sent = event.type === "receive" && event.message.type === "install-snapshot" ? event.message : null;
    const snapshot = event.type === "snapshot-made" ? event.snapshot : sent?.snapshot;
    if (snapshot === undefined || snapshot.index <= (node.disk.snapshot?.index ?? 0)) return;
    node.disk.snapshot = this.#snapshotPosition(snapshot);
  }

  #write(node: NodeRecord, effect: Persist, event: Event): Changes {
    const { log } = node;
    const changes: Changes = { created: [], appended: [], mismatch: null };
    let base: Position | null = null;
    if (effect.base !== undefined) {
      const sent =
        event.type === "receive" && event.message.type === "install-snapshot" ? event.message.snapshot : null;
      base = sent === null ? this.positions.find(effect.base) : this.#snapshotPosition(sent);
      base ??= this.positions.create(effect.base, null, null);
      log.restartAt(base);
    }
    if (effect.truncateFrom !== undefined) log.truncateFrom(effect.truncateFrom);
    for (const entry of effect.append ?? none) this.#append(log, entry, entry, changes);
    node.pending.push({ io: effect.io, effect, base, appended: changes.appended, last: log.last });
    return changes;
  }

  #append(log: LogModel, place: LogPosition, entry: Entry | null, changes: Changes): void {
    const { last } = log;
    const known = this.positions.find(place);
    if (known !== null) changes.mismatch ??= mismatchOf(known, last, entry);
    const position = known ?? this.positions.create(place, last, entry);
    if (known === null) changes.created.push(position);
    else known.entry ??= entry;
    if (place.index !== last.index + 1) changes.mismatch ??= `${place.index} is appended after ${last.index}`;
    changes.appended.push(position);
    log.append(position);
  }

  #toDisk({ disk }: NodeRecord, { effect, base, appended }: PendingWrite): void {
    if (effect.hard !== undefined) disk.hard = effect.hard;
    if (base !== null) disk.log.restartAt(base);
    if (effect.truncateFrom !== undefined) disk.log.truncateFrom(effect.truncateFrom);
    for (const position of appended) disk.log.append(position);
  }
}

/** Takes down how a view is now, in the place of how it was. */
export function showIn(shown: Shown, view: NodeView): void {
  shown.term = view.term;
  shown.role = view.role;
  shown.votedFor = view.votedFor;
  shown.commitIndex = view.commitIndex;
  shown.lastApplied = view.lastApplied;
}

function shownBy({ term, role, votedFor, commitIndex, lastApplied }: NodeView): Shown {
  return { term, role, votedFor, commitIndex, lastApplied };
}

/** Whether what this step commits is committed as a leader: also one that steps down by what it commits, in its own term. */
export function commitsAsLeader({ before }: NodeRecord, { role, term }: NodeView): boolean {
  return role === "leader" || (before.role === "leader" && before.term === term);
}

/** An entry by its name. */
export function named({ index, term }: LogPosition): string {
  return `${index}@${term}`;
}

function mismatchOf(known: Position, before: Position, entry: Entry | null): string | null {
  if (known.before !== null && known.before !== before) {
    return `${named(known)} stands behind ${named(known.before)} in one log, and behind ${named(before)} in this`;
  }
  if (known.entry === null || entry === null || sameContent(known.entry, entry)) return null;
  return `${named(known)} is a ${known.entry.kind} in one log, and another ${entry.kind} in this`;
}

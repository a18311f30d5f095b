import type { Effect, Outcome } from "./events.ts";
import { invariant } from "./invariant.ts";
import type { Message } from "./messages.ts";
import type { Rules } from "./rules.ts";
import type { RaftState } from "./state.ts";
import type { Entry, HardState, Index, IoId, LogPosition, NodeId, Ref, Role, SnapshotMeta, Term } from "./types.ts";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type OrderedEffect = Exclude<Effect["type"], "persist" | "send" | "reply" | "role">;

/**
 * One event being handled: the state, the rules, and the effects so far. What must be written is gathered, so that one
 * event makes one atomic record, and messages that promise it know what to wait for.
 */
export class Turn {
  readonly state: RaftState;
  readonly rules: Rules;
  readonly random: () => number;
  /** Why the role changes in this turn, for the log. */
  reason = "";
  readonly #effects: Effect[] = [];
  /** Messages that wait for the disk. */
  readonly #promises: Message[] = [];
  readonly #roleBefore: Role;
  readonly #termBefore: Term;
  readonly #leaderBefore: NodeId | null;
  #hardChanged = false;
  #truncateFrom: Index | null = null;
  #base: LogPosition | null = null;
  readonly #append: Entry[] = [];

  constructor(state: RaftState, rules: Rules, random: () => number) {
    this.state = state;
    this.rules = rules;
    this.random = random;
    this.#roleBefore = state.role;
    this.#termBefore = state.term;
    this.#leaderBefore = state.leader;
  }

  /** Whether a term or vote is decided that the disk does not hold yet. */
  get hardStateUnderWay(): boolean {
    return this.#hardChanged || this.state.disk.pending.some((write) => write.hard !== null);
  }

  setHardState(hard: HardState): void {
    const { state } = this;
    invariant(hard.term >= state.term, "terms never decrease", { from: state.term, to: hard.term });
    state.term = hard.term;
    state.votedFor = hard.votedFor;
    this.#hardChanged = true;
  }

  append(entries: readonly Entry[]): void {
    this.state.log.append(entries);
    for (const entry of entries) this.#append.push(entry);
  }

  truncateFrom(index: Index): void {
    const { state } = this;
    invariant(index > state.commitIndex, "committed entries are never replaced", {
      commitIndex: state.commitIndex,
      index,
    });
    invariant(this.#append.length === 0, "a turn truncates before it appends", { index });
    state.log.truncateFrom(index, this.rules.membersFallBack());
    this.#truncateFrom = index;
    this.#limitDurableTo(index - 1);
  }

  /** Voids the log, which begins anew behind a snapshot that another server sent (§5.3). */
  restartLogAt(snapshot: SnapshotMeta): void {
    this.state.log.restartAt(snapshot);
    this.#base = { index: snapshot.index, term: snapshot.term };
    this.#limitDurableTo(snapshot.index);
  }

  send(to: NodeId, message: Message): void {
    this.#effects.push({ type: "send", to, message });
  }

  /** Sends when everything that this node has decided so far is durable. */
  sendWhenDurable(to: NodeId, message: Message): void {
    this.#promises.push(message);
    this.send(to, message);
  }

  reply(refs: readonly Ref[], outcome: Outcome): void {
    if (refs.length > 0) this.#effects.push({ type: "reply", refs, outcome });
  }

  emit(effect: Extract<Effect, { type: OrderedEffect }>): void {
    this.#effects.push(effect);
  }

  /** The effects in the order in which they must happen: the write starts first, and runs beside the rest. */
  finish(): Effect[] {
    const write = this.#write();
    const { role, term, leader, disk } = this.state;
    const effects = this.#effects;
    if (this.#promises.length > 0 && disk.pending.length > 0) this.#keepBack(disk.lastIo);
    if (write !== null) effects.unshift(write);
    if (role !== this.#roleBefore || term !== this.#termBefore || leader !== this.#leaderBefore) {
      effects.push({ type: "role", role, term, leader, reason: this.reason });
    }
    return effects;
  }

  /** A promise waits for the latest write, which includes all earlier ones; when nothing is being written, it leaves. */
  #keepBack(after: IoId): void {
    for (const [place, effect] of this.#effects.entries()) {
      if (effect.type !== "send" || !this.#promises.includes(effect.message)) continue;
      this.#effects[place] = { type: "send", to: effect.to, message: effect.message, after };
    }
  }

  #limitDurableTo(index: Index): void {
    const { disk } = this.state;
    disk.durableIndex = Math.min(disk.durableIndex, index);
    if (!this.rules.limitsWritesUnderWay()) return;
    for (const write of disk.pending) write.lastIndex = Math.min(write.lastIndex, index);
  }

  #writes(): boolean {
    return this.#hardChanged || this.#base !== null || this.#truncateFrom !== null || this.#append.length > 0;
  }

  #write(): Effect | null {
    if (!this.#writes()) return null;
    const { state } = this;
    const io = ++state.disk.lastIo;
    const hard = this.#hardChanged ? { term: state.term, votedFor: state.votedFor } : null;
    state.disk.pending.push({ io, hard, lastIndex: state.log.lastIndex });
    const write: Writable<Extract<Effect, { type: "persist" }>> = { type: "persist", io };
    if (hard !== null) write.hard = hard;
    if (this.#base !== null) write.base = this.#base;
    if (this.#truncateFrom !== null) write.truncateFrom = this.#truncateFrom;
    if (this.#append.length > 0) write.append = this.#append;
    return write;
  }
}

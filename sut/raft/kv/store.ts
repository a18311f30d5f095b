import { applyTo, jsonOf, type Stored, type Table } from "./appliers.ts";
import type { Json, KvCommand, KvResult, LogCommand, LogResult } from "./commands.ts";
import { FreezableMap } from "./freezable-map.ts";
import { type KvRules, kvRules } from "./rules.ts";
import { type Session, SessionTable } from "./sessions.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { type SnapshotRow, snapshotVersion } from "./snapshot-rows.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

/** Part of what the state follows from: they must be the same on every node. */
export interface KvLimits {
  /** Sessions remembered; beyond it the one that was used least recently is forgotten. */
  readonly maxSessions: number;
  /** Bytes of JSON that one key may hold, and that one transaction may read. */
  readonly maxValueBytes: number;
}

export const defaultKvLimits: KvLimits = { maxSessions: 10_000, maxValueBytes: 1024 * 1024 };

/**
 * The replicated state machine: string keys, JSON values, client sessions. Deterministic: the same commands in the same
 * order give the same state and results on every node (§2.1), so nothing here may look at a clock, a random number or the
 * machine. Values are never changed in place, so one that was read stays what it was.
 */
export class KvStore {
  readonly #limits: KvLimits;
  readonly #rules: KvRules;
  readonly #onCarriedOut: (session: number, sequence: number) => void;
  readonly #values = new FreezableMap<Stored>();
  readonly #sessions: SessionTable;
  readonly #table: Table = {
    get: (key) => this.#values.get(key) ?? null,
    set: (key, value) => (value === null ? this.#values.delete(key) : this.#values.set(key, value)),
  };

  /** `onCarriedOut` hears of each command of a session that is not merely answered again. */
  constructor(
    limits: KvLimits = defaultKvLimits,
    rules: KvRules = kvRules,
    onCarriedOut: (session: number, sequence: number) => void = () => undefined,
  ) {
    this.#limits = limits;
    this.#rules = rules;
    this.#onCarriedOut = onCarriedOut;
    this.#sessions = new SessionTable(limits.maxSessions, rules);
  }

  get(key: string): Json {
    return jsonOf(this.#values.get(key) ?? null);
  }

  /** `proposedHere`: a client of this very node waits for the result; by the rules that makes no difference. */
  apply(command: KvCommand, proposedHere?: boolean): KvResult;
  apply(command: LogCommand, proposedHere?: boolean): LogResult;
  apply(command: LogCommand, proposedHere = false): LogResult {
    switch (command.type) {
      case "open-session":
        return { type: "ok", value: this.#sessions.open() };
      case "once": {
        const { session, sequence } = command;
        const carryOut = () => {
          this.#onCarriedOut(session, sequence);
          return this.#carryOut(command.command, proposedHere);
        };
        return this.#sessions.once(session, sequence, carryOut, proposedHere);
      }
      default:
        return this.#carryOut(command, proposedHere);
    }
  }

  #carryOut(command: KvCommand, proposedHere: boolean): KvResult {
    return applyTo(this.#table, this.#rules.carriedOut(command, proposedHere), this.#limits.maxValueBytes);
  }

  /** A snapshot is under way, or what changed meanwhile is not taken in yet: no other can begin. */
  get isFrozen(): boolean {
    return this.#values.isFrozen;
  }

  /**
   * The state of this moment, in O(sessions) however much there is; the store goes on serving. Its bytes depend on the
   * commands alone, so that nodes can tell by a digest that theirs are the same. Throws while `isFrozen`.
   */
  beginSnapshot(): KvSnapshot {
    const values = this.#values.freeze();
    const sessions = this.#rules.snapshotHoldsSessions() ? this.#sessions.all() : [];
    const writer = new SnapshotWriter(snapshotRows(values, sessions, this.#sessions.lastId));
    return {
      next: (maxBytes) => writer.next(maxBytes),
      release: (maxChanges) => {
        this.#values.beginThaw();
        return this.#values.thaw(maxChanges);
      },
    };
  }

  /** Takes a snapshot's pieces, in order and however they are cut, into this store, which must be new. */
  restore(): SnapshotReader {
    return new SnapshotReader({
      setValue: (key, value) => this.#table.set(key, value),
      restoreSessions: (lastId, sessions) => this.#sessions.restore(lastId, sessions),
    });
  }
}

export interface KvSnapshot {
  /** The next piece of at most so many bytes, or one row that is larger; null: that was all. */
  next(maxBytes: number): Uint8Array | null;
  /**
   * Takes so many of the changes in that were made since, between turns of the event loop, until it returns true. To be
   * called when the last piece is out, or when the snapshot is given up; `next` must not be called any more.
   */
  release(maxChanges: number): boolean;
}

function* snapshotRows(
  values: Iterable<[string, Stored]>,
  sessions: readonly Session[],
  lastSessionId: number,
): IterableIterator<SnapshotRow> {
  let rows = 1;
  yield ["keelhaul-kv", snapshotVersion];
  for (const [key, stored] of values) {
    rows++;
    yield ["value", key, jsonOf(stored)];
  }
  for (const { id, sequence, answer } of sessions) {
    rows++;
    yield ["session", id, sequence, answer];
  }
  yield ["end", lastSessionId, rows];
}

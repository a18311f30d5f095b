import type { AppliedEntry } from "../core/events.ts";
import type { Index, Ref, SnapshotMeta } from "../core/types.ts";
import type { Json } from "../kv/commands.ts";
import type { KvStore } from "../kv/store.ts";
import type { ClientAnswer } from "../protocol/client-messages.ts";
import { decodeCommand } from "../protocol/command-codec.ts";
import type { Duties } from "./duties.ts";

export interface StateMachineOptions {
  readonly duties: Pick<Duties, "becomesState" | "waitsForRestore" | "appliedWhenRestored">;
  readonly store: KvStore;
  /** A new store with what the snapshot holds. */
  readonly restore: (snapshot: SnapshotMeta) => Promise<KvStore>;
  /**
   * Entries between snapshots. They are taken behind the same entries on every node, whatever came in one batch, so that
   * all nodes have the same ones.
   */
  readonly snapshotEntries: number;
  /** The store has applied everything up to `applied`, and nothing else. */
  readonly takeSnapshot: (store: KvStore, applied: Index) => void;
  readonly onApplied: (index: Index) => void;
  readonly answer: (ref: Ref, answer: ClientAnswer) => void;
  readonly answerReads: (refs: readonly Ref[]) => void;
  /** The snapshot cannot be restored: the node must stop. */
  readonly onError: (cause: Error) => void;
}

/** Applies what is committed, in order; while a snapshot is being restored, entries behind it wait. */
export class StateMachine {
  readonly #options: StateMachineOptions;
  #store: KvStore;
  #applying: Index = 0;
  #restoring: SnapshotMeta | null = null;
  #waiting: AppliedEntry[] = [];

  constructor(options: StateMachineOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** The entry that is carried out, or the last that was. */
  get applying(): Index {
    return this.#applying;
  }

  get(key: string): Json {
    return this.#store.get(key);
  }

  apply(entries: readonly AppliedEntry[]): void {
    if (this.#restoring === null || !this.#options.duties.waitsForRestore()) this.#apply(entries);
    else this.#waiting.push(...entries);
  }

  /**
   * Becomes what a snapshot of another node holds. Reads see the former state until then. A later snapshot takes the place
   * of one that is being restored, and of what waited behind it.
   */
  restore(snapshot: SnapshotMeta): void {
    for (const { refs } of this.#waiting.splice(0)) {
      for (const ref of refs) this.#options.answer(ref, { type: "outcome-unknown" });
    }
    this.#restoring = snapshot;
    if (!this.#options.duties.appliedWhenRestored()) this.#options.onApplied(snapshot.index);
    this.#options.restore(snapshot).then(
      (store) => this.#restored(snapshot, store),
      (cause: Error) => {
        if (this.#restoring === snapshot) this.#options.onError(cause);
      },
    );
  }

  #restored(snapshot: SnapshotMeta, store: KvStore): void {
    if (!this.#options.duties.becomesState(this.#restoring === snapshot)) return;
    this.#restoring = null;
    this.#store = store;
    this.#options.onApplied(snapshot.index);
    if (this.#waiting.length > 0) this.#apply(this.#waiting.splice(0));
  }

  #apply(entries: readonly AppliedEntry[]): void {
    const { snapshotEntries, takeSnapshot, onApplied } = this.#options;
    for (const { entry, refs } of entries) {
      this.#applying = entry.index;
      if (entry.kind === "read") this.#options.answerReads(refs);
      if (entry.kind === "command") this.#carryOut(entry.command as Uint8Array, refs);
      if (entry.index % snapshotEntries === 0) takeSnapshot(this.#store, entry.index);
    }
    onApplied(entries.at(-1)?.entry.index ?? 0);
  }

  #carryOut(command: Uint8Array, refs: readonly Ref[]): void {
    const result = this.#store.apply(decodeCommand(command), refs.length > 0);
    for (const ref of refs) this.#options.answer(ref, result);
  }
}

import { type Clock, nextTurn, nowMs } from "../../../../time/clock.ts";
import type { Index, SnapshotMeta } from "../../core/types.ts";
import type { KvSnapshot, KvStore } from "../../kv/store.ts";
import { DiskFull } from "../storage/errors.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";
import type { SnapshotTrailer } from "../storage/snapshot-format.ts";

export interface TakerOptions {
  readonly files: Pick<SnapshotFiles, "create">;
  readonly clock: Clock;
  /** The snapshot is durable. */
  readonly onTaken: (snapshot: SnapshotMeta, taken: Taken) => void;
  /** There was no room for it. The log stays as it is, and the next one may succeed. */
  readonly onSetback: (cause: Error) => void;
  readonly onError: (cause: Error) => void;
}

export interface Taken {
  /** The last entry that the store had applied. */
  readonly applied: Index;
  readonly bytes: number;
  /** SHA-256 of the content, in hexadecimal digits. */
  readonly digest: string;
  readonly durationMs: number;
}

/** Work between two turns of the event loop: a millisecond or so of it. */
const pieceBytes = 64 * 1024;
const changesAtOnce = 1000;

/** Writes the state machine's content to disk, a piece a turn, while it goes on serving. One at a time (§5.1). */
export class SnapshotTaker {
  readonly #options: TakerOptions;
  #underWay = false;
  #stopped = false;

  constructor(options: TakerOptions) {
    this.#options = options;
  }

  /** Takes the store as it is now, behind entry `applied`, unless an earlier snapshot is still being written. */
  take(store: KvStore, snapshot: SnapshotMeta, applied: Index): void {
    if (this.#underWay || store.isFrozen) return;
    this.#underWay = true;
    const content = store.beginSnapshot();
    this.#take(content, snapshot, applied).catch((cause: Error) => {
      if (cause instanceof DiskFull) this.#options.onSetback(cause);
      else this.#options.onError(cause);
    });
  }

  /** Gives up what is under way. */
  close(): void {
    this.#stopped = true;
  }

  async #take(content: KvSnapshot, snapshot: SnapshotMeta, applied: Index): Promise<void> {
    const { clock, onTaken } = this.#options;
    const startedMs = nowMs(clock);
    try {
      const written = await this.#write(content, snapshot);
      if (written !== null) onTaken(snapshot, { ...written, applied, durationMs: nowMs(clock) - startedMs });
    } finally {
      while (!content.release(changesAtOnce)) await nextTurn(clock);
      this.#underWay = false;
    }
  }

  /** Null when the node stopped meanwhile. */
  async #write(content: KvSnapshot, snapshot: SnapshotMeta): Promise<SnapshotTrailer | null> {
    const writer = await this.#options.files.create(snapshot);
    try {
      for (let piece = content.next(pieceBytes); piece !== null; piece = content.next(pieceBytes)) {
        await writer.write(piece);
        await nextTurn(this.#options.clock);
        if (this.#stopped) break;
      }
      if (!this.#stopped) return await writer.commit();
    } catch (cause) {
      await writer.abort();
      throw cause;
    }
    await writer.abort();
    return null;
  }
}

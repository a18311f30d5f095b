import { type Clock, nextTurn, nowMs } from "../../../../time/clock.ts";
import type { SnapshotMeta } from "../../core/types.ts";
import type { KvSnapshot, KvStore } from "../../kv/store.ts";
import { DiskFull } from "../storage/errors.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";

export interface TakerOptions {
  readonly files: Pick<SnapshotFiles, "create">;
  readonly clock: Clock;
  /** The snapshot is durable. */
  readonly onTaken: (snapshot: SnapshotMeta, taken: { readonly bytes: number; readonly durationMs: number }) => void;
  /** There was no room for it. The log stays as it is, and the next one may succeed. */
  readonly onSetback: (cause: Error) => void;
  readonly onError: (cause: Error) => void;
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

  /** Takes the store as it is now, unless an earlier snapshot is still being written. */
  take(store: KvStore, snapshot: SnapshotMeta): void {
    if (this.#underWay || store.isFrozen) return;
    this.#underWay = true;
    const content = store.beginSnapshot();
    this.#take(content, snapshot).catch((cause: Error) => {
      if (cause instanceof DiskFull) this.#options.onSetback(cause);
      else this.#options.onError(cause);
    });
  }

  /** Gives up what is under way. */
  close(): void {
    this.#stopped = true;
  }

  async #take(content: KvSnapshot, snapshot: SnapshotMeta): Promise<void> {
    const { clock, onTaken } = this.#options;
    const startedMs = nowMs(clock);
    try {
      const bytes = await this.#write(content, snapshot);
      if (bytes !== null) onTaken(snapshot, { bytes, durationMs: nowMs(clock) - startedMs });
    } finally {
      while (!content.release(changesAtOnce)) await nextTurn(clock);
      this.#underWay = false;
    }
  }

  /** Null when the node stopped meanwhile. */
  async #write(content: KvSnapshot, snapshot: SnapshotMeta): Promise<number | null> {
    const writer = await this.#options.files.create(snapshot);
    try {
      for (let piece = content.next(pieceBytes); piece !== null; piece = content.next(pieceBytes)) {
        await writer.write(piece);
        await nextTurn(this.#options.clock);
        if (this.#stopped) break;
      }
      if (!this.#stopped) return (await writer.commit()).bytes;
    } catch (cause) {
      await writer.abort();
      throw cause;
    }
    await writer.abort();
    return null;
  }
}

import type { Index, NodeId, SnapshotMeta, Term } from "../../core/types.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";
import type { SnapshotReader } from "../storage/snapshot-reader.ts";
import type { SnapshotMessage, SnapshotWanted } from "./messages.ts";

export interface SenderOptions {
  readonly files: Pick<SnapshotFiles, "open" | "latest">;
  readonly send: (to: NodeId, message: SnapshotMessage) => void;
  /** A follower that asks for nothing for this long gets nothing more. */
  readonly stallMs: number;
  readonly nowMs: () => number;
  readonly onSent: (to: NodeId, index: Index) => void;
  readonly onFailed: (to: NodeId, index: Index) => void;
  /** The snapshot cannot be read. */
  readonly onError: (cause: Error) => void;
}

/** On one link between heartbeats, so not larger than what a slow link carries in a fraction of their interval. */
const pieceBytes = 256 * 1024;

interface Transfer {
  readonly snapshot: SnapshotMeta;
  reader: SnapshotReader | null;
  reading: boolean;
  progressAtMs: number;
}

/** The snapshots on their way to followers: one each, a piece at a time, from files that stay open until it is over. */
export class SnapshotSender {
  readonly #options: SenderOptions;
  readonly #transfers = new Map<NodeId, Transfer>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Offers the snapshot to a follower, in place of any that it was getting. */
  begin(to: NodeId, term: Term, snapshot: SnapshotMeta): void {
    this.#end(to);
    const transfer: Transfer = { snapshot, reader: null, reading: false, progressAtMs: this.#options.nowMs() };
    this.#transfers.set(to, transfer);
    this.#offer(to, term, transfer).catch((cause: Error) => this.#cannotRead(to, transfer, cause));
  }

  /** A follower asks for the next piece, or has them all. */
  wanted(from: NodeId, { digest, offset }: SnapshotWanted): void {
    const transfer = this.#transfers.get(from);
    const reader = transfer?.reader ?? null;
    if (transfer === undefined || reader === null || reader.digest !== digest || transfer.reading) return;
    transfer.progressAtMs = this.#options.nowMs();
    if (offset >= reader.bytes) {
      this.#end(from);
      this.#options.onSent(from, transfer.snapshot.index);
      return;
    }
    transfer.reading = true;
    this.#sendPiece(from, transfer, reader, offset).catch((cause: Error) => this.#cannotRead(from, transfer, cause));
  }

  /** Ends transfers that the core waits for no more, and gives up those without progress. Called often. */
  tick(isAwaited: (to: NodeId, index: Index) => boolean): void {
    for (const [to, { snapshot, progressAtMs }] of this.#transfers) {
      if (!isAwaited(to, snapshot.index)) this.#end(to);
      else if (this.#options.nowMs() - progressAtMs > this.#options.stallMs) this.#fail(to, snapshot.index);
    }
  }

  close(): void {
    for (const to of this.#transfers.keys()) this.#end(to);
  }

  async #offer(to: NodeId, term: Term, transfer: Transfer): Promise<void> {
    const { snapshot } = transfer;
    const reader = await this.#options.files.open(snapshot);
    if (!this.#isCurrent(to, transfer)) return reader.close();
    transfer.reader = reader;
    const { digest, bytes } = reader;
    this.#options.send(to, { type: "snapshot-offer", term, snapshot, digest, bytes });
  }

  async #sendPiece(to: NodeId, transfer: Transfer, reader: SnapshotReader, offset: number): Promise<void> {
    const content = await reader.read(offset, pieceBytes);
    transfer.reading = false;
    if (!this.#isCurrent(to, transfer)) return;
    this.#options.send(to, { type: "snapshot-piece", digest: reader.digest, offset, content });
  }

  /** A file may be gone because a newer snapshot took its place, or closed because the transfer is over. */
  #cannotRead(to: NodeId, transfer: Transfer, cause: Error): void {
    if (!this.#isCurrent(to, transfer)) return;
    const overtaken = (this.#options.files.latest()?.index ?? 0) > transfer.snapshot.index;
    this.#fail(to, transfer.snapshot.index);
    if (!overtaken) this.#options.onError(cause);
  }

  #isCurrent(to: NodeId, transfer: Transfer): boolean {
    return this.#transfers.get(to) === transfer;
  }

  #fail(to: NodeId, index: Index): void {
    this.#end(to);
    this.#options.onFailed(to, index);
  }

  #end(to: NodeId): void {
    const reader = this.#transfers.get(to)?.reader ?? null;
    this.#transfers.delete(to);
    reader?.close().catch(this.#options.onError);
  }
}

import type { InstallSnapshot } from "../../core/messages.ts";
import type { Index, NodeId, Term } from "../../core/types.ts";
import { DiskFull } from "../storage/errors.ts";
import {
  type SnapshotReceiver as ArrivingFile,
  type SnapshotFiles,
  SnapshotMismatch,
} from "../storage/snapshot-files.ts";
import type { SnapshotMessage, SnapshotOffer, SnapshotPiece } from "./messages.ts";

export interface ReceiverOptions {
  readonly files: Pick<SnapshotFiles, "receive">;
  readonly send: (to: NodeId, message: SnapshotMessage) => void;
  /** What the core knows by now. */
  readonly known: () => { readonly term: Term; readonly commitIndex: Index };
  /** All of the snapshot is durable here. */
  readonly onReceived: (from: NodeId, message: InstallSnapshot, bytes: number) => void;
  /** Nothing came of it, and the node goes on: its leader will offer one again. */
  readonly onSetback: (cause: Error) => void;
  /** The disk failed. */
  readonly onError: (cause: Error) => void;
}

interface Arriving {
  readonly from: NodeId;
  readonly offer: SnapshotOffer;
  readonly file: ArrivingFile;
}

/** The snapshot on its way to this node: one at a time, and what is held of it stays when its leader is gone. */
export class SnapshotReceiver {
  readonly #options: ReceiverOptions;
  #arriving: Arriving | null = null;
  /** Messages are handled one after another: each may wait for the disk. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  offered(from: NodeId, offer: SnapshotOffer): void {
    this.#enqueue(() => this.#accept(from, offer));
  }

  arrived(piece: SnapshotPiece): void {
    this.#enqueue(() => this.#store(piece));
  }

  close(): void {
    this.#enqueue(() => this.#stop());
  }

  #enqueue(deed: () => Promise<void>): void {
    this.#work = this.#work.then(deed).catch((cause: Error) => this.#failed(cause));
  }

  async #accept(from: NodeId, offer: SnapshotOffer): Promise<void> {
    const { term, commitIndex } = this.#options.known();
    if (offer.term < term) return;
    if (offer.snapshot.index <= commitIndex) {
      this.#ask(from, offer, offer.bytes);
      return;
    }
    const file = this.#holds(offer) ?? (await this.#open(offer));
    this.#arriving = { from, offer, file };
    await this.#goOn(this.#arriving);
  }

  /** Whatever does not follow what is held was asked for by an earlier transfer: the present one's piece is to come. */
  async #store({ digest, offset, content }: SnapshotPiece): Promise<void> {
    const arriving = this.#arriving;
    if (arriving === null || arriving.offer.digest !== digest || arriving.file.offset !== offset) return;
    await arriving.file.write(offset, content);
    await this.#goOn(arriving);
  }

  async #goOn({ from, offer, file }: Arriving): Promise<void> {
    if (file.offset < offer.bytes) {
      this.#ask(from, offer, file.offset);
      return;
    }
    this.#arriving = null;
    // A newer one where a leader sent it whose term ended before the core could take it: as committed, and in this one's place.
    const snapshot = await file.finish();
    const { term, bytes } = offer;
    this.#options.onReceived(from, { type: "install-snapshot", term, snapshot }, bytes);
    this.#ask(from, offer, bytes);
  }

  #ask(from: NodeId, { digest }: SnapshotOffer, offset: number): void {
    this.#options.send(from, { type: "snapshot-wanted", digest, offset });
  }

  /** The file that the same snapshot is arriving in already. */
  #holds({ snapshot, digest }: SnapshotOffer): ArrivingFile | null {
    const held = this.#arriving;
    return held?.offer.digest === digest && held.offer.snapshot.index === snapshot.index ? held.file : null;
  }

  async #open({ snapshot, digest, bytes }: SnapshotOffer): Promise<ArrivingFile> {
    await this.#stop();
    return this.#options.files.receive(snapshot, digest, bytes);
  }

  async #stop(): Promise<void> {
    const held = this.#arriving;
    this.#arriving = null;
    await held?.file.close();
  }

  async #failed(cause: Error): Promise<void> {
    if (!(cause instanceof SnapshotMismatch || cause instanceof DiskFull)) {
      this.#options.onError(cause);
      return;
    }
    this.#options.onSetback(cause);
    await this.#stop();
  }
}

import type { Logger } from "pino";
import { type Clock, nowMs } from "../../../../time/clock.ts";
import type { Effect, Event } from "../../core/events.ts";
import type { Message } from "../../core/messages.ts";
import type { RaftState } from "../../core/state.ts";
import type { Index, NodeId, SnapshotMeta } from "../../core/types.ts";
import type { KvStore } from "../../kv/store.ts";
import type { SnapshotMetrics } from "../metrics.ts";
import type { SnapshotFiles } from "../storage/snapshot-files.ts";
import type { SnapshotMessage } from "./messages.ts";
import { SnapshotReceiver } from "./receiver.ts";
import { SnapshotSender } from "./sender.ts";
import { SnapshotTaker, type Taken } from "./taker.ts";

/** What the core is told about snapshots; the driver adds the time. */
export type SnapshotEvent = Untimed<Extract<Event, { type: "snapshot-made" | "snapshot-sent" | "snapshot-failed" }>>;
type Untimed<E> = E extends Event ? Omit<E, "now"> : never;

export interface SnapshotsOptions {
  readonly files: SnapshotFiles;
  readonly state: () => RaftState;
  readonly send: (to: NodeId, message: SnapshotMessage) => void;
  readonly tellCore: (event: SnapshotEvent) => void;
  /** A snapshot of the node's own is durable; the core does not know yet. */
  readonly onTaken: (content: SnapshotContent) => void;
  readonly deliver: (from: NodeId, message: Message) => void;
  /** See SenderOptions. */
  readonly stallMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: SnapshotMetrics;
  /** The disk failed: the node must stop. */
  readonly onError: (cause: Error) => void;
}

/** What a snapshot of the node's own holds. */
export interface SnapshotContent {
  /** The last entry by its label, and the last that the state machine had applied. */
  readonly label: Index;
  readonly applied: Index;
  /** SHA-256 of the state, in hexadecimal digits. */
  readonly digest: string;
}

/** A node's snapshots: taken of its own state machine, sent to followers, received from leaders (§5). */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #taker: SnapshotTaker;
  readonly #sender: SnapshotSender;
  readonly #receiver: SnapshotReceiver;

  constructor(options: SnapshotsOptions) {
    const { files, send, clock, stallMs, tellCore, state, log, metrics, onError } = options;
    const onSetback = (cause: Error) =>
      log.warn({ event: "snapshot-setback" }, `no snapshot this time: ${cause.message}`);
    this.#options = options;
    this.#taker = new SnapshotTaker({
      files,
      clock,
      onTaken: (snapshot, taken) => this.#taken(snapshot, taken),
      onSetback,
      onError,
    });
    this.#sender = new SnapshotSender({
      files,
      send,
      stallMs,
      nowMs: () => nowMs(clock),
      onSent: (to, index) => tellCore({ type: "snapshot-sent", to, index }),
      onFailed: (to, index) => {
        log.warn({ event: "snapshot-failed", to, index }, `${to} did not take the snapshot of ${index}`);
        tellCore({ type: "snapshot-failed", to, index });
      },
      onError,
    });
    this.#receiver = new SnapshotReceiver({
      files,
      send,
      known: state,
      onReceived: (from, message, bytes) => {
        const { index } = message.snapshot;
        metrics.received.inc();
        log.info({ event: "snapshot-received", from, index, bytes }, `received the snapshot of ${index} from ${from}`);
        options.deliver(from, message);
      },
      onSetback,
      onError,
    });
  }

  /** See SnapshotTaker. */
  take(store: KvStore, snapshot: SnapshotMeta, applied: Index): void {
    this.#taker.take(store, snapshot, applied);
  }

  send({ to, term, snapshot }: Extract<Effect, { type: "send-snapshot" }>): void {
    const { index } = snapshot;
    this.#options.metrics.sent.inc();
    this.#options.log.info({ event: "snapshot-sending", to, index }, `${to} gets the snapshot of ${index}`);
    this.#sender.begin(to, term, snapshot);
  }

  receive(from: NodeId, message: SnapshotMessage): void {
    if (message.type === "snapshot-offer") this.#receiver.offered(from, message);
    else if (message.type === "snapshot-wanted") this.#sender.wanted(from, message);
    else this.#receiver.arrived(message);
  }

  tick(): void {
    const { leadership } = this.#options.state();
    this.#sender.tick((to, index) => leadership?.progress.get(to)?.snapshotIndex === index);
  }

  close(): void {
    this.#taker.close();
    this.#sender.close();
    this.#receiver.close();
  }

  #taken(snapshot: SnapshotMeta, { applied, bytes, digest, durationMs }: Taken): void {
    const { log, metrics, onTaken } = this.#options;
    const { index } = snapshot;
    onTaken({ label: index, applied, digest });
    metrics.taken.inc();
    metrics.bytes.set(bytes);
    metrics.durationMs.observe(durationMs);
    log.info({ event: "snapshot", index, bytes, durationMs: Math.round(durationMs) }, `took a snapshot of ${index}`);
    this.#options.tellCore({ type: "snapshot-made", snapshot });
  }
}

import type { Impairment } from "../../../hosts/host.ts";
import { EdgeImpairments } from "../../../hosts/links/edge-impairments.ts";
import { heldBackMs } from "../../../hosts/links/impairment.ts";
import type { RandomStream } from "../../../random/stream.ts";
import { type Clock, nowMs, nsPerMs } from "../../../time/clock.ts";
import type { Message } from "../core/messages.ts";
import type { SnapshotMessage } from "../node/snapshots/messages.ts";
import { encodeFrame } from "../protocol/frames.ts";
import { type Delays, drawDelayMs } from "./delay.ts";
import type { SimulationSettings } from "./settings.ts";

export type PeerMessage = Message | SnapshotMessage;

/** The far end of an edge: the node that the messages are for. */
export interface FarEnd {
  /** Names the process that listens there; null: none does. */
  listening(): number | null;
  /** Into the sockets of that process. */
  deliver(message: PeerMessage): void;
}

export interface EdgeOptions {
  readonly time: Clock;
  readonly settings: SimulationSettings["network"];
  readonly random: RandomStream;
  /** Draws what impairments do, and how long probes take: messages are drawn for as without them. */
  readonly impairing: RandomStream;
  readonly farEnd: FarEnd;
}

/** A connection that this edge's messages travel on, from one process to another. */
interface Connection {
  /** The process at the far end. */
  readonly to: number;
  broken: boolean;
}

const msPerMinute = 60_000;

/**
 * What one node sends to another, on one connection at a time, as its link does (see PeerLink). While the edge is cut,
 * messages are held, as a network holds what it sends again and again; they go on when it is mended in time, and are gone
 * when the sender gives the connection up. Messages of a broken connection are lost, unless they were about to be sent
 * again: then those that had arrived come twice.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #delays: Delays;
  readonly #impairments: EdgeImpairments;
  #connection: Connection | null = null;
  #isCut = false;
  #held: { readonly connection: Connection; readonly message: PeerMessage }[] = [];
  #heldSinceMs = 0;
  /** No message of one connection arrives before one that was sent earlier, unless it may overtake. */
  #lastArrivalNs = 0;
  /** Few, and looked through faster than a set is kept. */
  readonly #underWay: PeerMessage[] = [];
  /** Sent again on the next connection. */
  #unsent: PeerMessage[] = [];
  #resetAtMs: number;
  /** Messages that the present or the last cut kept from arriving. */
  keptBack = 0;

  constructor(options: EdgeOptions) {
    this.#options = options;
    const { delayMs, slow, slowMs } = options.settings;
    this.#delays = { usualMs: delayMs, slow, slowMs };
    const { time, impairing } = options;
    this.#impairments = new EdgeImpairments(
      () => impairing.fraction(),
      () => nowMs(time),
    );
    this.#resetAtMs = this.#drawReset();
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get isUp(): boolean {
    return this.#connection !== null;
  }

  /** Milliseconds for which a connection has carried nothing that it was given; 0 when it works. */
  get silentMs(): number {
    return this.#held.length === 0 ? 0 : nowMs(this.#options.time) - this.#heldSinceMs;
  }

  /** Connects; whether that was possible: neither is the edge cut, nor is there nobody at its end. */
  dial(): boolean {
    const to = this.#options.farEnd.listening();
    if (this.#isCut || to === null) return false;
    this.#connection = { to, broken: false };
    for (const message of this.#unsent.splice(0)) this.send(message);
    return true;
  }

  /** Gives the connection up, and what is under way on it. */
  hangUp(): void {
    if (this.#connection !== null) this.#connection.broken = true;
    this.#connection = null;
    this.#held = [];
    this.#underWay.length = 0;
  }

  /** The sending process is gone: what it sent arrives all the same, and nothing follows. */
  orphan(): void {
    this.#connection = null;
    this.#underWay.length = 0;
    this.#unsent = [];
  }

  /** The connection breaks; what was under way is sent again on the next one, whether or not it had arrived by then. */
  reset(): void {
    const unsent = [...this.#underWay];
    // A part of it arrives all the same: nobody could tell the sender any more.
    const arrived = this.#options.random.integer(0, unsent.length);
    for (const message of unsent.slice(0, arrived)) this.#options.farEnd.deliver(message);
    this.hangUp();
    this.#unsent = unsent;
  }

  /** Whether the message left; a connection whose far end is gone is found broken by that. */
  send(message: PeerMessage): boolean {
    const { random, settings } = this.#options;
    const connection = this.#connection;
    if (connection === null) return false;
    if (settings.lose > 0 && random.fraction() < settings.lose) return true;
    const sent = this.#damaged(message);
    if (this.#impairments.happens("link-reset")) {
      this.reset();
      return true;
    }
    if (this.#impairments.happens("link-lossy")) return true;
    this.#sendOnce(connection, sent);
    this.#sendLate(connection, sent);
    if (settings.duplicate > 0 && random.fraction() < settings.duplicate) this.#sendOnce(connection, sent);
    if (this.#impairments.happens("link-duplicate")) this.#sendOnce(connection, sent);
    return true;
  }

  impair(impairment: Impairment): void {
    this.#impairments.set(impairment);
  }

  repair(kind: Impairment["kind"]): void {
    this.#impairments.clear(kind);
  }

  /** Sends what no node gets. `arrived` is called as often as it arrives; whether the connection outlives it. */
  probe(bytes: number, arrived: () => void): boolean {
    const { impairing } = this.#options;
    if (this.#impairments.happens("link-reset")) return false;
    if (this.#isCut || this.#impairments.happens("link-lossy")) return true;
    const copies = this.#impairments.happens("link-duplicate") ? 2 : 1;
    for (let copy = 0; copy < copies; copy++)
      this.#travel(drawDelayMs(impairing, this.#delays), false, () => bytes, arrived);
    return true;
  }

  /** To be called now and then: connections break by themselves as often as the settings say. */
  tick(): void {
    if (nowMs(this.#options.time) < this.#resetAtMs) return;
    this.#resetAtMs = this.#drawReset();
    if (!this.#isCut) this.reset();
  }

  cut(): void {
    if (!this.#isCut) this.keptBack = 0;
    this.#isCut = true;
  }

  mend(): void {
    this.#isCut = false;
    for (const { connection, message } of this.#held.splice(0)) this.#sendOnce(connection, message);
  }

  /** A copy that nobody waits for, and that holds nothing up: a former leader's message may come terms later. */
  #sendLate(connection: Connection, message: PeerMessage): void {
    const { time, random, settings } = this.#options;
    if (settings.late === 0 || random.fraction() >= settings.late) return;
    const [least, most] = settings.lateMs;
    time.after(least + (most - least) * random.fraction(), () => {
      if (connection === this.#connection && !this.#isCut) this.#arrive(connection, message);
    });
  }

  /** Pieces of snapshots are the only messages that are many bytes, and whose receiver checks them. */
  #damaged(message: PeerMessage): PeerMessage {
    const { random, settings } = this.#options;
    if (message.type !== "snapshot-piece" || message.content.length === 0) return message;
    if (settings.damage === 0 || random.fraction() >= settings.damage) return message;
    const content = Uint8Array.from(message.content);
    content[random.integer(0, content.length - 1)]! ^= 1 << random.integer(0, 7);
    return { ...message, content };
  }

  #sendOnce(connection: Connection, message: PeerMessage): void {
    const { random, settings } = this.#options;
    const delayMs = drawDelayMs(random, this.#delays);
    const mayOvertake = settings.reorder > 0 && random.fraction() < settings.reorder;
    if (!this.#underWay.includes(message)) this.#underWay.push(message);
    const bytes = () => encodeFrame(message).length;
    this.#travel(delayMs, mayOvertake, bytes, () => this.#arrive(connection, message));
  }

  /** One that is held back may be overtaken by all that is sent meanwhile. */
  #travel(usualMs: number, mayOvertake: boolean, bytes: () => number, arrived: () => void): void {
    const { time } = this.#options;
    const isHeldBack = this.#impairments.happens("link-reorder");
    const delayMs = usualMs + this.#impairments.delayMs(bytes) + (isHeldBack ? heldBackMs : 0);
    const soonestNs = time.nowNs() + delayMs * nsPerMs;
    const isInOrder = !mayOvertake && !isHeldBack;
    const arrivalNs = isInOrder ? Math.max(soonestNs, this.#lastArrivalNs) : soonestNs;
    if (isInOrder) this.#lastArrivalNs = arrivalNs;
    time.after((arrivalNs - time.nowNs()) / nsPerMs, arrived);
  }

  #arrive(connection: Connection, message: PeerMessage): void {
    if (connection.broken) return;
    if (this.#isCut) {
      if (this.#held.length === 0) this.#heldSinceMs = nowMs(this.#options.time);
      this.#held.push({ connection, message });
      this.keptBack++;
      return;
    }
    const place = this.#underWay.indexOf(message);
    if (place >= 0) this.#underWay.splice(place, 1);
    if (this.#options.farEnd.listening() === connection.to) this.#options.farEnd.deliver(message);
    else this.hangUp();
  }

  #drawReset(): number {
    const { time, settings, random } = this.#options;
    if (settings.resetsPerMinute === 0) return Number.POSITIVE_INFINITY;
    // Exponentially distributed, so that resets come at any time, whatever came before.
    return nowMs(time) - Math.log(1 - random.fraction()) * (msPerMinute / settings.resetsPerMinute);
  }
}

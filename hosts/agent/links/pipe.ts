import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { EdgeImpairments } from "../../links/edge-impairments.ts";
import { Flow } from "./flow.ts";

/**
 * A connection through a link: bytes both ways, with the possibility of holding them. While held nothing crosses, not
 * even the end of the connection: an end or a reset is a packet too, and a partition drops it. Impairments of the edge are
 * felt by what the dialler sends; answers are the opposite edge's.
 */
export class Pipe {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #flows: readonly Flow[];
  readonly #onGone: () => void;
  #held = false;
  #connected = false;

  /** `near` is connected and paused, `far` is dialling. `onGone`: both ends are closed. */
  constructor(near: Socket, far: Socket, impairments: EdgeImpairments, onGone: () => void) {
    this.#near = near;
    this.#far = far;
    this.#onGone = onGone;
    this.#flows = [
      new Flow(near, far, impairments, () => this.#reset()),
      new Flow(far, near, unimpaired, () => this.#reset()),
    ];
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", () => {}); // `close` follows, and is what both ends act on
      socket.once("close", () => this.#closed());
    }
    far.once("connect", () => {
      this.#connected = true;
      if (!this.#held) this.#join();
    });
  }

  hold(): void {
    if (this.#held) return;
    this.#held = true;
    for (const flow of this.#flows) flow.hold();
    for (const socket of [this.#near, this.#far]) socket.cork(); // what was read already and not yet written waits too
  }

  flow(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const socket of [this.#near, this.#far]) socket.uncork();
    if (this.#near.destroyed || this.#far.destroyed) this.#closed();
    else if (this.#connected) this.#join();
  }

  /** Nothing impairs the edge any more. */
  hasten(): void {
    for (const flow of this.#flows) flow.hasten();
  }

  destroy(): void {
    for (const flow of this.#flows) flow.drop();
    this.#near.destroy();
    this.#far.destroy();
    this.#onGone();
  }

  #join(): void {
    for (const flow of this.#flows) flow.start();
  }

  #reset(): void {
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }

  /** One end has closed, and so does the other; a dialler whose target refused sees a reset. Not while held. */
  #closed(): void {
    if (this.#held) return;
    if (!this.#connected) this.#near.resetAndDestroy();
    this.destroy();
  }
}

const unimpaired = new EdgeImpairments(
  () => 1,
  () => performance.now(),
);

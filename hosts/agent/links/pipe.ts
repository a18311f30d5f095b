import type { Socket } from "node:net";

/**
 * A connection through a link: bytes both ways, with the possibility of holding them. While held nothing crosses, not
 * even the end of the connection: an end or a reset is a packet too, and a partition drops it.
 */
export class Pipe {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #onGone: () => void;
  #held = false;
  #connected = false;

  /** `near` is connected and paused, `far` is dialling. `onGone`: both ends are closed. */
  constructor(near: Socket, far: Socket, onGone: () => void) {
    this.#near = near;
    this.#far = far;
    this.#onGone = onGone;
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
    this.#near.unpipe(this.#far);
    this.#far.unpipe(this.#near);
    for (const socket of [this.#near, this.#far]) {
      socket.pause();
      socket.cork(); // what was read already and not yet written waits too
    }
  }

  flow(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const socket of [this.#near, this.#far]) socket.uncork();
    if (this.#near.destroyed || this.#far.destroyed) this.#closed();
    else if (this.#connected) this.#join();
  }

  destroy(): void {
    this.#near.destroy();
    this.#far.destroy();
    this.#onGone();
  }

  #join(): void {
    this.#near.pipe(this.#far);
    this.#far.pipe(this.#near);
  }

  /** One end has closed, and so does the other; a dialler whose target refused sees a reset. Not while held. */
  #closed(): void {
    if (this.#held) return;
    if (!this.#connected) this.#near.resetAndDestroy();
    this.destroy();
  }
}

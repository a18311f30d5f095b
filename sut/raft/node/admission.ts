import type { Socket } from "node:net";
import { HandshakeError, ListenerHandshake, type Port } from "../protocol/handshake.ts";

export interface AdmissionOptions {
  readonly port: Port;
  /** This node's id. */
  readonly id: string;
  readonly secret: string;
  /** Whether one of this name may come in, once it has proven that it knows the secret. */
  readonly admits: (from: string) => boolean;
  readonly onRefused: (reason: string) => void;
}

/** What strangers may take up: a greeting takes milliseconds, and less than a kilobyte each. */
export const greetWithinMs = 5000;
export const maxStrangers = 64;

/**
 * Lets connections in whose other end knows the cluster's secret. Until then a connection has little time and room, and there
 * are few of them: one too many costs the oldest its place, so that a crowd of strangers keeps nobody else out for long.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #strangers = new Set<Socket>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Calls back once, with who came and what was sent behind the greeting; or closes the connection. */
  greet(socket: Socket, admitted: (from: string, rest: Buffer) => void): void {
    const { port, secret } = this.#options;
    const handshake = new ListenerHandshake(port, secret);
    this.#makeRoom();
    this.#strangers.add(socket);
    const timer = setTimeout(() => this.#refuse(socket, `no greeting within ${greetWithinMs} ms`), greetWithinMs);
    const leave = () => {
      clearTimeout(timer);
      this.#strangers.delete(socket);
    };
    const receive = (chunk: Buffer) => {
      try {
        const greeted = handshake.push(chunk);
        if (greeted === null) return;
        this.#check(greeted.ends);
        socket.off("data", receive);
        leave();
        socket.write(greeted.welcome);
        admitted(greeted.ends.from, greeted.rest);
      } catch (error) {
        if (!(error instanceof HandshakeError)) throw error;
        this.#refuse(socket, error.message);
      }
    };
    socket.on("data", receive);
    socket.once("close", leave);
    socket.write(handshake.challenge);
  }

  #check({ from, to }: { readonly from: string; readonly to: string }): void {
    if (to === this.#options.id && this.#options.admits(from)) return;
    throw new HandshakeError(`${JSON.stringify(from)} meant to reach ${JSON.stringify(to)}`);
  }

  #makeRoom(): void {
    if (this.#strangers.size < maxStrangers) return;
    const [oldest] = this.#strangers;
    this.#refuse(oldest!, `more than ${maxStrangers} connections without a greeting`);
  }

  #refuse(socket: Socket, reason: string): void {
    this.#strangers.delete(socket);
    socket.destroy();
    this.#options.onRefused(reason);
  }
}

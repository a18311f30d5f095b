import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Both ends of a connection prove that they know the cluster's secret, before either believes the other anything else:
 *
 *     listener → dialer    a fresh nonce
 *     dialer → listener    who it is, whom it means to reach, a nonce of its own, and its proof
 *     listener → dialer    its proof
 *
 * A proof is an HMAC over both nonces, both names, the port and the direction, so none can be replayed, turned around or used
 * on another port. What follows on the connection is neither encrypted nor signed: a network on which others can change
 * packets needs a tunnel of its own.
 */
export type Port = "peer" | "client";

/** Who dials, and whom it means to reach. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** The other end does not know the secret, or does not speak this protocol. */
export class HandshakeError extends Error {}

const challengeMagic = Buffer.from("KHL1", "latin1");
const greetingMagic = Buffer.from("KHD1", "latin1");
const nonceBytes = 32;
const proofBytes = 32;
const maxNameBytes = 255;
const fixedBytes = greetingMagic.length + nonceBytes + proofBytes;
const challengeBytes = challengeMagic.length + nonceBytes;

export interface Greeted {
  readonly ends: Ends;
  /** Sent back, it proves that the listener knows the secret too. */
  readonly welcome: Buffer;
  /** What came behind the greeting. */
  readonly rest: Buffer;
}

/** The listener's end. It holds no more than one greeting of a stranger. */
export class ListenerHandshake {
  readonly challenge: Buffer;
  readonly #port: Port;
  readonly #secret: string;
  readonly #nonce = randomBytes(nonceBytes);
  #held: Buffer = Buffer.alloc(0);

  constructor(port: Port, secret: string) {
    this.#port = port;
    this.#secret = secret;
    this.challenge = Buffer.concat([challengeMagic, this.#nonce]);
  }

  /** Null until the greeting is complete. Throws HandshakeError. */
  push(chunk: Buffer): Greeted | null {
    this.#held = Buffer.concat([this.#held, chunk.subarray(0, fixedBytes + 2 * (1 + maxNameBytes))]);
    const begun = this.#held.subarray(0, greetingMagic.length);
    if (!begun.equals(greetingMagic.subarray(0, begun.length))) throw new HandshakeError("what came is no greeting");
    const from = nameAt(this.#held, fixedBytes);
    const to = from === null ? null : nameAt(this.#held, from.end);
    if (from === null || to === null) return null;
    const ends = { from: from.name, to: to.name };
    const nonces = { listener: this.#nonce, dialer: this.#held.subarray(greetingMagic.length, challengeBytes) };
    const proof = this.#held.subarray(challengeBytes, fixedBytes);
    if (!timingSafeEqual(proof, proofOf("dialer", this.#port, ends, nonces, this.#secret))) {
      throw new HandshakeError(`${JSON.stringify(ends.from)} does not know this cluster's secret`);
    }
    const greetingBytes = to.end - (this.#held.length - chunk.length);
    const welcome = proofOf("listener", this.#port, ends, nonces, this.#secret);
    return { ends, welcome, rest: chunk.subarray(Math.max(0, greetingBytes)) };
  }
}

/** The dialer's end. */
export class DialerHandshake {
  readonly #port: Port;
  readonly #ends: Ends;
  readonly #secret: string;
  readonly #nonce = randomBytes(nonceBytes);
  #expected: Buffer | null = null;
  #held: Buffer = Buffer.alloc(0);

  constructor(port: Port, ends: Ends, secret: string) {
    this.#port = port;
    this.#ends = ends;
    this.#secret = secret;
  }

  /** What to answer, then what came behind the listener's proof; null: there is more to come. Throws HandshakeError. */
  push(chunk: Buffer): { readonly reply: Buffer } | { readonly rest: Buffer } | null {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (this.#expected === null) return this.#greet();
    if (this.#held.length < proofBytes) return null;
    if (!timingSafeEqual(this.#held.subarray(0, proofBytes), this.#expected)) {
      throw new HandshakeError(`${this.#ends.to} does not know this cluster's secret`);
    }
    return { rest: this.#held.subarray(proofBytes) };
  }

  #greet(): { readonly reply: Buffer } | null {
    if (this.#held.length < challengeBytes) return null;
    if (!this.#held.subarray(0, challengeMagic.length).equals(challengeMagic)) {
      throw new HandshakeError("what listens there is no node of this version");
    }
    const nonces = { listener: this.#held.subarray(challengeMagic.length, challengeBytes), dialer: this.#nonce };
    this.#held = this.#held.subarray(challengeBytes);
    this.#expected = proofOf("listener", this.#port, this.#ends, nonces, this.#secret);
    const proof = proofOf("dialer", this.#port, this.#ends, nonces, this.#secret);
    return { reply: Buffer.concat([greetingMagic, this.#nonce, proof, named(this.#ends.from), named(this.#ends.to)]) };
  }
}

function proofOf(
  direction: "dialer" | "listener",
  port: Port,
  { from, to }: Ends,
  nonces: { readonly listener: Buffer; readonly dialer: Buffer },
  secret: string,
): Buffer {
  const label = named(`keelhaul ${direction} ${port}`);
  const said = Buffer.concat([label, named(from), named(to), nonces.listener, nonces.dialer]);
  return createHmac("sha256", secret).update(said).digest();
}

/** With its length before it, so that two names cannot be cut in another place. */
function named(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.length > maxNameBytes) throw new RangeError(`a name of ${bytes.length} bytes; at most ${maxNameBytes}`);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function nameAt(held: Buffer, at: number): { readonly name: string; readonly end: number } | null {
  const bytes = held[at];
  if (bytes === undefined || held.length < at + 1 + bytes) return null;
  return { name: held.toString("utf8", at + 1, at + 1 + bytes), end: at + 1 + bytes };
}

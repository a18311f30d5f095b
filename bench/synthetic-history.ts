import type { EventType, HistoryEvent } from "../history/event.ts";
import { type RandomStream, randomStream } from "../random/stream.ts";

export interface SyntheticOptions {
  readonly operations: number;
  readonly clients: number;
  readonly seed: number;
  /** How many registers the operations are spread over, evenly; one unless said. */
  readonly keys?: number;
  /** Of a hundred operations; the rest are reads. */
  readonly writePercent: number;
  readonly casPercent: number;
  readonly unknownPercent: number;
  /** Hides one stale read a key after this share of the operations. */
  readonly staleReadAt?: number;
}

interface Client {
  process: number;
  stage: "idle" | "asked" | "done";
  at: number;
  endsAt: number;
  register: Register;
  f: "read" | "write" | "cas";
  value: unknown;
  type: EventType;
}

/**
 * The history of clients of atomic registers, event by event: linearizable by construction, because each operation
 * takes effect at one instant between its two times, but for the one stale read that may be hidden in it.
 */
export function* syntheticEvents(options: SyntheticOptions): Generator<HistoryEvent> {
  const random = randomStream(options.seed, "synthetic history");
  const registers = Array.from({ length: options.keys ?? 1 }, (_, key) => {
    return new Register(options.keys === undefined ? "x" : `k${key}`, options, random);
  });
  const clients = Array.from({ length: options.clients }, (_, process): Client => {
    const at = random.integer(0, 2_000_000);
    return { process, stage: "idle", at, endsAt: 0, register: registers[0]!, f: "read", value: null, type: "ok" };
  });
  let invoked = 0;
  let index = 0;
  for (;;) {
    const client = earliest(clients);
    if (client === null) return;
    const common = { index: index++, time: client.at, process: client.process };
    if (client.stage === "idle") {
      if (invoked++ === options.operations) return;
      if (registers.length > 1) client.register = registers[random.integer(0, registers.length - 1)]!;
      client.register.ask(client);
      const value = client.f === "read" ? null : client.value;
      yield { ...common, type: "invoke", f: client.f, key: client.register.key, value };
      client.endsAt = client.at + random.integer(500_000, 4_000_000);
      client.at = random.integer(client.at, client.endsAt);
      client.stage = "asked";
    } else if (client.stage === "asked") {
      index--;
      client.register.carryOut(client, invoked);
      client.at = client.endsAt;
      client.stage = "done";
    } else {
      const { type, f, register, value } = client;
      yield { ...common, type, f, key: register.key, value, ...details(client) };
      if (client.type === "info") client.process += options.clients;
      client.at += random.integer(1000, 200_000);
      client.stage = "idle";
    }
  }
}

function details(client: Client): { node: string; error?: string } {
  const node = `n${1 + (client.process % 5)}`;
  if (client.type === "ok") return { node };
  return { node, error: client.type === "fail" ? "cas-mismatch" : "timeout" };
}

function earliest(clients: readonly Client[]): Client | null {
  let first: Client | null = null;
  for (const client of clients) if (first === null || client.at < first.at) first = client;
  return first;
}

class Register {
  readonly key: string;
  readonly #options: SyntheticOptions;
  readonly #random: RandomStream;
  #value: number | null = null;
  #lastWritten = 0;
  /** A value of about a thousand writes ago, certainly overwritten since. */
  #old: number | null = null;
  #staleReadAfter: number;

  constructor(key: string, options: SyntheticOptions, random: RandomStream) {
    this.key = key;
    this.#options = options;
    this.#random = random;
    this.#staleReadAfter = (options.staleReadAt ?? Number.POSITIVE_INFINITY) * options.operations;
  }

  ask(client: Client): void {
    const { writePercent, casPercent, unknownPercent } = this.#options;
    const kind = this.#random.integer(0, 99);
    client.f = kind < writePercent ? "write" : kind < writePercent + casPercent ? "cas" : "read";
    client.type = this.#random.integer(0, 99) < unknownPercent ? "info" : "ok";
    if (client.f === "write") client.value = ++this.#lastWritten;
    else if (client.f === "cas") client.value = [this.#value, ++this.#lastWritten];
    else client.value = null;
  }

  carryOut(client: Client, invoked: number): void {
    if (client.type === "info" && this.#random.integer(0, 1) === 0) return;
    if (client.f === "read") client.value = client.type === "ok" ? this.#read(invoked) : null;
    else if (client.f === "write") this.#set(client.value as number);
    else {
      const [old, next] = client.value as [number | null, number];
      if (old === this.#value) this.#set(next);
      else if (client.type === "ok") client.type = "fail";
    }
  }

  #read(invoked: number): number | null {
    if (invoked < this.#staleReadAfter) return this.#value;
    this.#staleReadAfter = Number.POSITIVE_INFINITY;
    return this.#old;
  }

  #set(value: number): void {
    this.#value = value;
    if (value % 1000 === 0) this.#old = value;
  }
}

import type { EventType, HistoryEvent } from "../history/event.ts";
import { type RandomStream, randomStream } from "../random/stream.ts";

export interface SyntheticTransactions {
  readonly transactions: number;
  readonly clients: number;
  readonly seed: number;
  readonly steps: number;
  /** Keys in use at a time, and the length at which a key's list is left for that of a new key. */
  readonly keys: number;
  readonly maxLength: number;
  readonly unknownPercent: number;
  /** Hides one read skew after this share of the transactions: a G-single. */
  readonly readSkewAt?: number;
}

type Step = [f: "r" | "append", key: string, value: unknown];

interface Client {
  process: number;
  stage: "idle" | "asked" | "done";
  at: number;
  endsAt: number;
  steps: Step[];
  type: EventType;
}

/** The history of clients of a store that does one transaction at a time, but for the anomaly hidden in it. */
export function* syntheticTransactions(options: SyntheticTransactions): Generator<HistoryEvent> {
  const random = randomStream(options.seed, "synthetic transactions");
  const lists = new Lists(options, random);
  const clients = Array.from({ length: options.clients }, (_, process): Client => {
    return { process, stage: "idle", at: random.integer(0, 2_000_000), endsAt: 0, steps: [], type: "ok" };
  });
  let invoked = 0;
  let index = 0;
  for (;;) {
    const client = clients.reduce((first, other) => (other.at < first.at ? other : first));
    const common = { time: client.at, process: client.process, f: "txn" };
    if (client.stage === "idle") {
      if (invoked++ === options.transactions) return;
      client.steps = lists.plan();
      client.type = random.integer(0, 99) < options.unknownPercent ? "info" : "ok";
      yield { index: index++, ...common, type: "invoke", value: asked(client.steps) };
      client.endsAt = client.at + random.integer(500_000, 4_000_000);
      client.at = random.integer(client.at, client.endsAt);
      client.stage = "asked";
    } else if (client.stage === "asked") {
      if (client.type === "ok" || random.integer(0, 1) === 0) lists.carryOut(client, invoked);
      client.at = client.endsAt;
      client.stage = "done";
    } else {
      const isOk = client.type === "ok";
      const answer = isOk ? client.steps : asked(client.steps);
      const node = `n${1 + (client.process % 5)}`;
      yield {
        index: index++,
        ...common,
        type: client.type,
        value: answer,
        node,
        ...(isOk ? {} : { error: "timeout" }),
      };
      if (!isOk) client.process += options.clients;
      client.at += random.integer(1000, 200_000);
      client.stage = "idle";
    }
  }
}

function asked(steps: readonly Step[]): Step[] {
  return steps.map(([f, key, value]) => [f, key, f === "r" ? null : value]);
}

class Lists {
  readonly #options: SyntheticTransactions;
  readonly #random: RandomStream;
  /** The keys in use, and how many elements each was given so far. */
  readonly #keys: { name: string; given: number }[];
  readonly #held = new Map<string, number[]>();
  #lastKey = 0;
  #skewAfter: number;

  constructor(options: SyntheticTransactions, random: RandomStream) {
    this.#options = options;
    this.#random = random;
    this.#keys = Array.from({ length: options.keys }, () => this.#newKey());
    this.#skewAfter = (options.readSkewAt ?? Number.POSITIVE_INFINITY) * options.transactions;
  }

  plan(): Step[] {
    return Array.from({ length: this.#options.steps }, (): Step => {
      const place = this.#random.integer(0, this.#keys.length - 1);
      const key = this.#keys[place]!;
      if (this.#random.integer(0, 1) === 0) return ["r", key.name, null];
      const element = ++key.given;
      if (element === this.#options.maxLength) this.#keys[place] = this.#newKey();
      return ["append", key.name, element];
    });
  }

  carryOut({ steps, type }: Client, invoked: number): void {
    const before = new Map(steps.map(([, key]) => [key, this.#list(key).length]));
    for (const step of steps) {
      const list = this.#list(step[1]);
      if (step[0] === "append") list.push(step[2] as number);
      else step[2] = [...list];
    }
    if (invoked > this.#skewAfter && type === "ok") this.#skew(steps, before);
  }

  /** Takes from one read the last element that was there before, while another read shows its transaction's other write. */
  #skew(steps: readonly Step[], before: ReadonlyMap<string, number>): void {
    const keys = new Set(steps.map(([, key]) => key));
    const reads = steps.filter(([f, key]) => f === "r" && before.get(key)! > 3);
    if (keys.size < steps.length || reads.length < 2) return;
    const victim = reads[0]!;
    victim[2] = (victim[2] as number[]).slice(0, -3);
    this.#skewAfter = Number.POSITIVE_INFINITY;
  }

  #list(key: string): number[] {
    const list = this.#held.get(key) ?? [];
    this.#held.set(key, list);
    return list;
  }

  #newKey(): { name: string; given: number } {
    return { name: `k${++this.#lastKey}`, given: 0 };
  }
}

import { connect } from "node:net";
import { getOneMessage, sendMessage } from "execa";
import { greet } from "../../sut/raft/protocol/greet.ts";
import { type Conversation, type OperationName, type ProtocolName, protocols } from "./protocols.ts";
import type { Leader } from "./target.ts";

/** A closed loop: each client has a connection of its own, and asks again as soon as it was answered. */
export interface Load extends Leader {
  readonly protocol: ProtocolName;
  readonly operation: OperationName;
  readonly clients: number;
  readonly keys: number;
  readonly valueBytes: number;
  /** Stops after this long, of which the first part is not counted; or, when it is 0, after one round over all keys. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface LoadResult {
  readonly seconds: number;
  readonly latenciesMs: Float64Array;
  /** Answers other than success. */
  readonly refused: number;
  /** Of one core. */
  readonly cpuShare: number;
}

const pauseAfterRefusalMs = 10;
const load = (await getOneMessage()) as unknown as Load;
await sendMessage((await run(load)) as never);

async function run({ clients, seconds, warmUpSeconds, ...load }: Load): Promise<LoadResult> {
  const startedAt = performance.now();
  const countFrom = startedAt + 1000 * warmUpSeconds;
  const endAt = seconds === 0 ? Number.POSITIVE_INFINITY : countFrom + 1000 * seconds;
  const latencies: number[] = [];
  let refused = 0;
  let cpu = process.cpuUsage();
  setTimeout(() => {
    cpu = process.cpuUsage();
  }, 1000 * warmUpSeconds);
  const next = requests(load, seconds === 0);
  const onAnswer = (sentAt: number, ok: boolean) => {
    if (!ok) refused++;
    else if (sentAt >= countFrom) latencies.push(performance.now() - sentAt);
  };
  const connections = Array.from({ length: clients }, () => client(load, { next, onAnswer, endAt }));
  await Promise.all(connections);
  const countedMs = performance.now() - countFrom;
  const { user, system } = process.cpuUsage(cpu);
  const cpuShare = (user + system) / 1000 / countedMs;
  return { seconds: countedMs / 1000, latenciesMs: Float64Array.from(latencies), refused, cpuShare };
}

interface ClientDuty {
  readonly next: () => Buffer | null;
  readonly onAnswer: (sentAt: number, ok: boolean) => void;
  readonly endAt: number;
}

/** One client, until the time is up or there is nothing more to ask. */
function client(
  { protocol, host, port, greeted }: Pick<Load, "protocol" | keyof Leader>,
  duty: ClientDuty,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const conversation: Conversation = protocols[protocol].converse();
    const socket = connect({ host, port, noDelay: true });
    let sentAt = 0;
    const ask = () => {
      sentAt = performance.now();
      const request = sentAt < duty.endAt ? duty.next() : null;
      if (request === null) {
        socket.destroy();
        resolve();
      } else {
        socket.write(request);
      }
    };
    const receive = (chunk: Buffer) => {
      for (const ok of conversation.push(chunk)) {
        duty.onAnswer(sentAt, ok);
        if (ok) ask();
        else setTimeout(ask, pauseAfterRefusalMs);
      }
    };
    const begin = (rest?: Buffer) => {
      socket.on("data", receive);
      if (rest !== undefined) receive(rest);
      ask();
    };
    if (greeted === undefined) socket.once("connect", () => begin());
    else greet(socket, "client", { from: "client", to: greeted.id }, greeted.secret).then(begin, reject);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`${host}:${port} closed the connection`)));
  });
}

/** Requests made beforehand, so that making them costs nothing while the clock runs; keys are visited in turns. */
function requests(
  { protocol, operation, keys, valueBytes }: Pick<Load, "protocol" | "operation" | "keys" | "valueBytes">,
  once: boolean,
): () => Buffer | null {
  const value = "v".repeat(valueBytes);
  const made = Array.from({ length: keys }, (_, i) => protocols[protocol].request(operation, `key-${i}`, value));
  let asked = 0;
  // A stride without a common factor with the number of keys visits all of them, and seldom neighbours.
  const stride = 7919;
  return () => (once && asked >= keys ? null : (made[(asked++ * stride) % keys] as Buffer));
}

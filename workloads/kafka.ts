import type { Completion, HistoryEvent, Operation } from "../history/event.ts";
import type { RandomStream } from "../random/stream.ts";
import type { MicroOp } from "../sut/system.ts";
import type { Calls } from "./attempts.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

type SendStep = readonly ["send", key: string, message: unknown];
/** From which offset on each log is polled; answered with what is there. */
type PollStep = readonly ["poll", from: Readonly<Record<string, number>>];
type Messages = readonly (readonly [offset: number, message: unknown])[];

const sendShare = 45;
const mostSends = 3;
/** Final polls are of the logs that were used last. */
const finalLogs = 100;

/**
 * Logs as Kafka has them, kept as lists: a send appends messages and answers their offsets, a poll answers what is in
 * a log from the consumer's place on. Every process is a producer, and a consumer that keeps its own place.
 */
export const kafka: Workload = {
  name: "kafka",
  description: "messages sent to logs and polled in order: none is lost, doubled, skipped or out of order",
  operations: ["txn"],
  reads: ["poll"],
  checkers: ["kafka", "statistics", "availability"],
  generator: kafkaGenerator,
  perform: (client, operation, timeoutMs) =>
    operation.f === "send"
      ? send(client, operation.value as readonly SendStep[], timeoutMs)
      : poll(client, operation.value as readonly [PollStep], timeoutMs),
  finalReads: (keys) => keys.slice(-finalLogs).map((key) => pollFrom([[key, 0]])),
};

function kafkaGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "t", active: 3, usesPerKey: 60, random });
  const places = new Map<number, Map<string, number>>();
  let lastMessage = 0;
  const sends = (): Operation => {
    const steps = Array.from({ length: random.integer(1, mostSends) }, (): SendStep => {
      lastMessage += 1;
      return ["send", keys.use(), lastMessage];
    });
    return { f: "send", value: steps };
  };
  return fromFunction({
    next: (process) => {
      if (!onlyReads(process, concurrency) && random.integer(0, 99) < sendShare) return sends();
      const polled = polledKeys(keys, random);
      return pollFrom(polled.map((key) => [key, places.get(process)?.get(key) ?? 0]));
    },
    hear: (event) => keepPlace(places, event),
  });
}

function polledKeys(keys: RotatingKeys, random: RandomStream): readonly string[] {
  return [...new Set([keys.use(), ...(random.integer(0, 1) === 0 ? [keys.use()] : [])])];
}

function pollFrom(places: readonly (readonly [key: string, from: number])[]): Operation {
  return { f: "poll", value: [["poll", Object.fromEntries(places)]] };
}

/** A consumer goes on behind the last message that it got. */
function keepPlace(places: Map<number, Map<string, number>>, { process, type, f, value }: HistoryEvent): void {
  if (typeof process !== "number" || type !== "ok" || f !== "poll") return;
  const own = places.get(process) ?? new Map<string, number>();
  places.set(process, own);
  const [[, batches]] = value as readonly [readonly ["poll", Readonly<Record<string, Messages>>]];
  for (const [key, messages] of Object.entries(batches)) {
    const last = messages.at(-1);
    if (last !== undefined) own.set(key, last[0] + 1);
  }
}

/** Each append is read back at once, to learn where it went. */
async function send(client: Calls, steps: readonly SendStep[], timeoutMs: number): Promise<Completion> {
  const both = steps.flatMap(([, key, message]): MicroOp[] => [
    ["append", key, message],
    ["r", key, null],
  ]);
  const sent = await client.invoke({ f: "txn", value: both }, timeoutMs);
  if (sent.type !== "ok") return { ...sent, value: steps };
  const reads = (sent.value as readonly MicroOp[]).filter(([kind]) => kind === "r");
  const placed = steps.map(([kind, key, message], at) => [kind, key, [lengthOf(reads[at]![2]) - 1, message]]);
  return { ...sent, value: placed };
}

function lengthOf(list: unknown): number {
  return (list as readonly unknown[]).length;
}

async function poll(client: Calls, [step]: readonly [PollStep], timeoutMs: number): Promise<Completion> {
  const places = Object.entries(step[1]);
  const reads = places.map(([key]): MicroOp => ["r", key, null]);
  const read = await client.invoke({ f: "txn", value: reads }, timeoutMs);
  if (read.type !== "ok") return { ...read, value: [step] };
  const batches = (read.value as readonly MicroOp[]).map(([, key, list], at) => {
    const from = places[at]![1];
    const messages = ((list ?? []) as readonly unknown[]).slice(from);
    return [key, messages.map((message, behind) => [from + behind, message])];
  });
  return { ...read, value: [["poll", Object.fromEntries(batches)]] };
}

import type { HistoryEvent } from "../../../history/event.ts";
import type { RandomStream } from "../../../random/stream.ts";

export interface Shape {
  readonly kind: "append" | "w";
  readonly transactions: number;
  readonly clients: number;
  readonly keys: number;
  /** Shares of all transactions: of unknown outcome, and aborted. */
  readonly info: number;
  readonly abort: number;
  /** Share of reads that see a snapshot of some earlier time, and of writes that get lost or leak from aborted ones. */
  readonly faults: number;
  /** Of a transaction; 4 when left out. */
  readonly maxSteps?: number;
}

type Step = [f: string, key: string, value: unknown];
type Store = Map<string, unknown>;

interface Running {
  readonly process: number;
  readonly steps: Step[];
  readonly type: "ok" | "info" | "fail";
  readonly invokedAt: number;
  readonly instant: number;
  readonly completedAt: number;
}

/** Transactions of a store that does one at a time, but for the faults. Each takes effect between its two times. */
export function randomTransactions(random: RandomStream, shape: Shape): HistoryEvent[] {
  const running = plan(random, shape);
  const versions: Store[] = [new Map()];
  for (const transaction of [...running].sort((a, b) => a.instant - b.instant)) {
    versions.push(execute(random, shape, transaction, versions));
  }
  return eventsOf(running);
}

function plan(random: RandomStream, shape: Shape): Running[] {
  const clock = Array.from({ length: shape.clients }, () => random.integer(0, 9));
  const process = Array.from({ length: shape.clients }, (_, client) => client);
  let fresh = 0;
  return Array.from({ length: shape.transactions }, () => {
    const client = random.integer(0, shape.clients - 1);
    const invokedAt = clock[client]! + random.integer(1, 9);
    const completedAt = invokedAt + random.integer(1, 20);
    clock[client] = completedAt;
    const steps = Array.from({ length: random.integer(1, shape.maxSteps ?? 4) }, (): Step => {
      const key = String.fromCharCode(120 + random.integer(0, shape.keys - 1));
      return random.fraction() < 0.5 ? ["r", key, null] : [shape.kind, key, ++fresh];
    });
    const fate = random.fraction();
    const type = fate < shape.info ? "info" : fate < shape.info + shape.abort ? "fail" : "ok";
    const own = process[client]!;
    if (type === "info") process[client] = own + shape.clients;
    const late = type === "info" && random.fraction() < 0.3 ? random.integer(0, 60) : 0;
    const instant = random.integer(invokedAt, completedAt) + random.fraction() + late;
    return { process: own, steps, type, invokedAt, instant, completedAt };
  });
}

/** Fills in the reads; answers what the store holds after it. */
function execute(random: RandomStream, shape: Shape, transaction: Running, versions: readonly Store[]): Store {
  const isFaulty = (): boolean => random.fraction() < shape.faults;
  const latest = versions.at(-1)!;
  const old = random.pick(versions.slice(-4));
  const snapshot = isFaulty() ? old : latest;
  const view = new Map(snapshot);
  const after = new Map(latest);
  for (const step of transaction.steps) {
    const [f, key, value] = step;
    if (f === "r") {
      const source = isFaulty() ? random.pick(versions.slice(-3)) : view;
      step[2] = source.get(key) ?? (shape.kind === "append" ? [] : null);
      continue;
    }
    write(view, f, key, value);
    if (!isFaulty() || random.fraction() < 0.7) write(after, f, key, value);
  }
  const happens = transaction.type === "ok" || (transaction.type === "info" && random.fraction() < 0.5) || isFaulty();
  return happens ? after : latest;
}

function write(store: Store, f: string, key: string, value: unknown): void {
  store.set(key, f === "append" ? [...((store.get(key) as unknown[] | undefined) ?? []), value] : value);
}

function eventsOf(running: readonly Running[]): HistoryEvent[] {
  const events = running.flatMap(({ process, steps, type, invokedAt, completedAt }) => {
    const asked = steps.map(([f, key, value]) => [f, key, f === "r" ? null : value]);
    return [
      { time: invokedAt, order: 1, process, type: "invoke" as const, f: "txn", value: asked },
      { time: completedAt, order: 0, process, type, f: "txn", value: type === "ok" ? steps : asked },
    ];
  });
  events.sort((a, b) => a.time - b.time || a.order - b.order || a.process - b.process);
  return events.map(({ order: _, ...event }, index) => ({ index, ...event }));
}

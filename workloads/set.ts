import type { HistoryEvent } from "../history/event.ts";
import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

const addShare = 50;

/**
 * Sets that only grow, kept as lists. Every element is added once; a set gives way to a new one before reading it
 * takes long, and is read once more when nothing is added to it any more, so that what was lost shows.
 */
export const set: Workload = {
  name: "set",
  description: "elements added to sets: none is lost, doubled or made up, and reads are linearizable",
  operations: ["append", "read"],
  checkers: ["set", "statistics", "availability"],
  generator: setGenerator,
  perform: (client, operation, timeoutMs) =>
    client.invoke(operation.f === "add" ? { ...operation, f: "append" } : operation, timeoutMs),
  finalReads: readsOf,
};

function setGenerator({ random, concurrency }: LoadContext): Generator {
  const keys = new RotatingKeys({ prefix: "s", active: 3, usesPerKey: 80, random });
  const closing = new ClosingReads((key) => !keys.has(key));
  let lastElement = 0;
  return fromFunction({
    next: (process) => {
      const adds = !onlyReads(process, concurrency) && random.integer(0, 99) < addShare;
      if (!adds) return { f: "read", key: closing.take() ?? keys.use(), value: null };
      lastElement += 1;
      return { f: "add", key: keys.use(), value: lastElement };
    },
    hear: (event) => closing.hear(event),
  });
}

/** Which sets that nobody adds to any more still want to be read to the end. */
class ClosingReads {
  readonly #isOver: (key: string) => boolean;
  /** How many additions to each set are under way; a set without an entry was read, or is being read. */
  readonly #addsUnderWay = new Map<string, number>();

  constructor(isOver: (key: string) => boolean) {
    this.#isOver = isOver;
  }

  take(): string | undefined {
    for (const [key, underWay] of this.#addsUnderWay) {
      if (underWay > 0 || !this.#isOver(key)) continue;
      this.#addsUnderWay.delete(key);
      return key;
    }
    return undefined;
  }

  hear({ type, f, key }: HistoryEvent): void {
    if (key === undefined) return;
    const underWay = this.#addsUnderWay.get(key) ?? 0;
    if (f === "add") this.#addsUnderWay.set(key, type === "invoke" ? underWay + 1 : Math.max(0, underWay - 1));
    else if (this.#isOver(key) && (type === "fail" || type === "info")) this.#addsUnderWay.set(key, underWay);
  }
}

import type { HistoryEvent } from "../history/event.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

const keys = Array.from({ length: 8 }, (_, number) => `k${number}`);

/** Of a hundred operations; the rest are compare-and-sets. */
const share = { read: 40, write: 36 } as const;

/**
 * Several registers, read, written and compared-and-set. Every value is written once, so that each read names the
 * write that it saw and linearizability is decided exactly (analysis/checkers/register.ts).
 */
export const register: Workload = {
  name: "register",
  description: "reads, writes and compare-and-sets of unique values on 8 keys: linearizability, decided exactly",
  operations: ["read", "write", "cas"],
  checkers: ["register", "staleness", "statistics", "availability"],
  generator: registerGenerator,
  finalReads: () => keys.map((key) => ({ f: "read", key, value: null })),
};

function registerGenerator({ random, concurrency }: LoadContext): Generator {
  let lastValue = 0;
  const lastSeen = new Map<string, unknown>();
  return fromFunction({
    next: (process) => {
      const key = random.pick(keys);
      const kind = random.integer(0, 99);
      if (onlyReads(process, concurrency) || kind < share.read) return { f: "read", key, value: null };
      lastValue += 1;
      const seen = lastSeen.get(key);
      if (kind < share.read + share.write || seen === undefined) return { f: "write", key, value: lastValue };
      return { f: "cas", key, value: [seen, lastValue] };
    },
    hear: (event) => {
      const held = heldAfter(event);
      if (event.key !== undefined && held !== undefined && held !== null) lastSeen.set(event.key, held);
    },
  });
}

/** What a register held by the account of an ok answer; compare-and-sets start from it, and so mostly succeed. */
function heldAfter(event: Pick<HistoryEvent, "type" | "f" | "value">): unknown {
  if (event.type !== "ok") return undefined;
  return event.f === "cas" ? (event.value as readonly unknown[])[1] : event.value;
}

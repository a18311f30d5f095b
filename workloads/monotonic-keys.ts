import type { Operation } from "../history/event.ts";
import type { MicroOp } from "../sut/system.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

const names = Array.from({ length: 4 }, (_, number) => `mk${number}`);
const readShare = 50;
const readAll: Operation = { f: "read", value: null };

/** Numbers that only grow, all of them read at once: every two reads agree on which of them grew first. */
export const monotonicKeys: Workload = {
  name: "monotonic-keys",
  description: "numbers that only grow, read together: all reads agree on the order in which they grew",
  operations: ["incr", "txn"],
  checkers: ["monotonic", "statistics", "availability"],
  generator: monotonicKeysGenerator,
  perform: async (client, { f, value }, timeoutMs) => {
    if (f === "read") {
      const reads = names.map((name): MicroOp => ["r", name, null]);
      const read = await client.invoke({ f: "txn", value: reads }, timeoutMs);
      return read.type === "ok" ? { ...read, value: numbersIn(read.value) } : { ...read, value: null };
    }
    const [name] = Object.keys(value as Readonly<Record<string, number>>);
    const grown = await client.invoke({ f: "incr", key: name!, value: 1 }, timeoutMs);
    return { ...grown, value: grown.type === "ok" ? { [name!]: grown.value } : value };
  },
  finalReads: () => [readAll],
};

function monotonicKeysGenerator({ random, concurrency }: LoadContext): Generator {
  return fromFunction({
    next: (process) => {
      const reads = onlyReads(process, concurrency) || random.integer(0, 99) < readShare;
      return reads ? readAll : { f: "incr", value: { [random.pick(names)]: 1 } };
    },
  });
}

function numbersIn(answer: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries((answer as readonly MicroOp[]).map(([, name, number]) => [name, number ?? 0]));
}

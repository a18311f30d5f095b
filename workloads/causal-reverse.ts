import type { Operation } from "../history/event.ts";
import type { MicroOp } from "../sut/system.ts";
import { readsOf } from "./final-reads.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import type { LoadContext, Workload } from "./workload.ts";

/** A group of registers, each written once, in turn, and read together. */
interface Group {
  readonly key: string;
  writes: number;
  reads: number;
}

const activeGroups = 2;
const registersPerGroup = 8;
const readsPerGroup = 40;
const writeShare = 40;

/**
 * Blind writes of different registers, and reads of all of them: a reader that sees a write must see every write that
 * had been acknowledged before that one began.
 */
export const causalReverse: Workload = {
  name: "causal-reverse",
  description: "registers written once, in turn, and read together: no write is seen without an earlier one",
  operations: ["write", "txn"],
  checkers: ["causal-reverse", "statistics", "availability"],
  generator: causalReverseGenerator,
  perform: async (client, { f, key, value }, timeoutMs) => {
    if (f === "write") {
      const written = await client.invoke({ f: "write", key: registerOf(key!, value as number), value: 1 }, timeoutMs);
      return { ...written, value };
    }
    const read = await client.invoke({ f: "txn", value: readAll(key!) }, timeoutMs);
    return read.type === "ok" ? { ...read, value: seenIn(read.value) } : { ...read, value: null };
  },
  finalReads: readsOf,
};

function causalReverseGenerator({ random, concurrency }: LoadContext): Generator {
  let made = 0;
  const make = (): Group => ({ key: `c${made++}`, writes: 0, reads: 0 });
  const groups = Array.from({ length: activeGroups }, make);
  return fromFunction({
    next: (process): Operation => {
      const place = random.integer(0, activeGroups - 1);
      if (groups[place]!.reads >= readsPerGroup) groups[place] = make();
      const group = groups[place]!;
      const writes = !onlyReads(process, concurrency) && random.integer(0, 99) < writeShare;
      if (writes && group.writes < registersPerGroup) return { f: "write", key: group.key, value: ++group.writes };
      group.reads++;
      return { f: "read", key: group.key, value: null };
    },
  });
}

function registerOf(group: string, number: number): string {
  return `${group}.${number}`;
}

function readAll(group: string): readonly MicroOp[] {
  return Array.from({ length: registersPerGroup }, (_, at): MicroOp => ["r", registerOf(group, at + 1), null]);
}

/** The numbers of the registers that were found written. */
function seenIn(answer: unknown): readonly number[] {
  return (answer as readonly MicroOp[]).flatMap(([, , value], at) => (value === null ? [] : [at + 1]));
}

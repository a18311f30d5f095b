import type { Operation } from "../history/event.ts";
import type { RandomStream } from "../random/stream.ts";
import type { MicroOp } from "../sut/system.ts";
import { fromFunction } from "./generators/from-function.ts";
import type { Generator } from "./generators/generator.ts";
import { onlyReads } from "./reader.ts";
import { RotatingKeys } from "./rotating-keys.ts";
import type { LoadContext, Workload } from "./workload.ts";

/** The registers of one group are read and written together, and so are one object to the checker. */
const registers = ["x", "y", "z"] as const;
const largestValue = 9;
const readShare = 40;
/** Final reads look at the groups that were used last. */
const finalGroups = 30;

/**
 * Groups of three registers, read and written several at a time. Whether each transaction took effect at one instant,
 * in an order that fits with real time, is searched for group by group.
 */
export const multiRegister: Workload = {
  name: "multi-register",
  description: "transactions that read and write three registers: strict serializability, by search",
  operations: ["txn"],
  checkers: ["linearizable-multi-register", "statistics", "availability"],
  generator: multiRegisterGenerator,
  finalReads: (keys) => {
    const groups = [...new Set(keys.map((key) => key.slice(0, key.indexOf("."))))];
    return groups.slice(-finalGroups).map(readAll);
  },
};

function multiRegisterGenerator({ random, concurrency }: LoadContext): Generator {
  const groups = new RotatingKeys({ prefix: "g", active: 3, usesPerKey: 60, random });
  return fromFunction({
    next: (process) => {
      const group = groups.use();
      const reads = onlyReads(process, concurrency) || random.integer(0, 99) < readShare;
      return reads ? readAll(group) : change(group, random);
    },
  });
}

function readAll(group: string): Operation {
  return { f: "txn", value: registers.map((register): MicroOp => ["r", `${group}.${register}`, null]) };
}

/** Sets one register or more, and reads others. */
function change(group: string, random: RandomStream): Operation {
  const [first, ...others] = random.shuffle(registers).slice(0, random.integer(1, registers.length));
  const write = (register: string): MicroOp => ["w", `${group}.${register}`, random.integer(0, largestValue)];
  const either = (register: string): MicroOp =>
    random.integer(0, 1) === 0 ? write(register) : ["r", `${group}.${register}`, null];
  return { f: "txn", value: [write(first!), ...others.map(either)] };
}

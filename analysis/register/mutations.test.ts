import { describe, expect, it } from "vitest";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import type { ViolationKind } from "../results.ts";
import { eventsOf, type SimulatedOperation, simulate } from "../test-support/random-history.ts";
import { judgeRegisters } from "./judge.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
const histories = 400;

/** Breaks a linearizable history for certain; false when it offers no place for this kind of fault. */
type Mutation = (operations: SimulatedOperation[], random: RandomStream) => boolean;

const precedes = (a: SimulatedOperation, b: SimulatedOperation): boolean =>
  a.type !== "info" && a.completedAt < b.invokedAt;
const okWrites = (operations: SimulatedOperation[]) => operations.filter((op) => op.f === "write" && op.type === "ok");
const okReads = (operations: SimulatedOperation[]) => operations.filter((op) => op.f === "read" && op.type === "ok");

/** Two writes and a read that follow each other: the read is made to see the first. */
const staleRead: Mutation = (operations) => {
  for (const read of okReads(operations)) {
    const newer = okWrites(operations).findLast((write) => precedes(write, read));
    const older = newer && okWrites(operations).find((write) => precedes(write, newer));
    if (older === undefined) continue;
    read.value = older.value;
    return true;
  }
  return false;
};

const futureRead: Mutation = (operations) => {
  for (const read of okReads(operations)) {
    const later = okWrites(operations).find((write) => precedes(read, write));
    if (later === undefined) continue;
    read.value = later.value;
    return true;
  }
  return false;
};

const phantomRead: Mutation = (operations, random) => {
  const reads = okReads(operations);
  if (reads.length === 0) return false;
  random.pick(reads).value = 1_000_000;
  return true;
};

const abortedRead: Mutation = (operations) => {
  for (const read of okReads(operations)) {
    const write = operations.find((op) => op.f === "write" && op.value === read.value);
    if (write === undefined) continue;
    Object.assign(write, { type: "fail", error: "not-leader" });
    return true;
  }
  return false;
};

const doubleCas: Mutation = (operations) => {
  const cas = operations.find((op) => op.f === "cas" && op.type === "ok");
  if (cas === undefined) return false;
  const [old] = cas.value as [unknown, unknown];
  operations.push({ ...cas, process: operations.length, value: [old, 1_000_000] });
  return true;
};

/** A refused compare between an acknowledged write and a read of its value. */
const refusedCas: Mutation = (operations) => {
  for (const read of okReads(operations)) {
    const write = okWrites(operations).find((op) => op.value === read.value);
    if (write === undefined || write.completedAt + 3 >= read.invokedAt) continue;
    const times = { invokedAt: write.completedAt + 1, completedAt: read.invokedAt - 1 };
    const value = [write.value, 1_000_000];
    operations.push({ process: operations.length, f: "cas", value, type: "fail", error: "cas-mismatch", ...times });
    return true;
  }
  return false;
};

/** Three reads in a row see a, b and a again. */
const flipFlop: Mutation = (operations) => {
  const [a, b] = okWrites(operations);
  for (const first of okReads(operations)) {
    const second = okReads(operations).find((read) => precedes(first, read));
    const third = second && okReads(operations).find((read) => precedes(second, read));
    if (a === undefined || b === undefined || second === undefined || third === undefined) continue;
    [first.value, second.value, third.value] = [a.value, b.value, a.value];
    return true;
  }
  return false;
};

const mutations: readonly { name: string; mutate: Mutation; expected?: ViolationKind }[] = [
  { name: "a stale read", mutate: staleRead, expected: "stale-read" },
  { name: "a future read", mutate: futureRead },
  { name: "a phantom read", mutate: phantomRead },
  { name: "an aborted read", mutate: abortedRead },
  { name: "a cloned cas", mutate: doubleCas },
  { name: "a refused cas", mutate: refusedCas },
  { name: "values that flip and flop", mutate: flipFlop },
];

describe("faults that are certain", () => {
  it.each(mutations)("finds $name in histories of 60 operations", ({ name, mutate, expected }) => {
    let mutants = 0;
    for (let i = 0; i < histories; i++) {
      const random = randomStream(seed + i, name);
      const shape = { operations: 60, clients: random.integer(2, 5), info: 0.05, cas: 0.2, domain: 0 };
      const operations = simulate(random, shape);
      expect(judgeRegisters(eventsOf(operations), null).result.verdict, `before, ${i} of ${seed}`).not.toBe("invalid");
      if (!mutate(operations, random)) continue;
      mutants++;
      const { verdict, violations } = judgeRegisters(eventsOf(operations), null).result;
      expect(verdict, `history ${i} of KEELHAUL_SEED=${seed}`).toBe("invalid");
      if (expected !== undefined) expect(violations[0]?.kind).toBe(expected);
    }
    expect(mutants).toBeGreaterThan(histories / 2);
  });
});

describe("what cannot change a verdict", () => {
  it("stays valid when intervals widen, reads go, answers are lost, values are renamed", () => {
    for (let i = 0; i < histories; i++) {
      const random = randomStream(seed + i, "metamorphic");
      const operations = simulate(random, { operations: 60, clients: 4, info: 0.05, cas: 0, domain: 0 });
      for (const operation of operations) {
        operation.invokedAt -= random.integer(0, 500);
        operation.completedAt += random.integer(0, 500);
        if (operation.f === "write" && operation.type === "ok" && random.fraction() < 0.1) operation.type = "info";
        if (operation.value !== null) operation.value = `v${String(operation.value)}`;
      }
      const base = Math.min(...operations.map((operation) => operation.invokedAt));
      const kept = operations
        .filter((operation) => operation.f !== "read" || random.fraction() < 0.8)
        .map((one) => ({ ...one, invokedAt: one.invokedAt - base, completedAt: one.completedAt - base }));
      expect(judgeRegisters(eventsOf(kept), null).result.verdict, `${i} of KEELHAUL_SEED=${seed}`).toBe("valid");
    }
  });
});

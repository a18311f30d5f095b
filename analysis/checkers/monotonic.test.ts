import { describe, expect, it } from "vitest";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { monotonicChecker } from "./monotonic.ts";

const tell = teller(monotonicChecker);
const two = "1.0 0 invoke incr 2\n1.1 0 ok incr 2 @n1\n";
const read = (from: number, process: number, value: unknown, node = ""): string =>
  `${from.toFixed(1)} ${process} invoke read\n${(from + 0.1).toFixed(1)} ${process} ok read ${JSON.stringify(value)} ${node}\n`;

describe("numbers that only grow", () => {
  it("accepts what goes on for each process by itself", () => {
    expect(tell(`${two}${read(2, 1, 2)}${read(3, 2, 0)}${read(4, 1, 2)}${read(5, 2, 2)}`)).toMatchInlineSnapshot(
      `"valid: no process saw a number go back, in 2 comparisons"`,
    );
    expect(tell(`${two}${read(2, 0, 2)}`)).toMatchInlineSnapshot(
      `"valid: no process saw a number go back, in 1 comparison"`,
    );
  });
  it("tells numbers that went back", () => {
    expect(tell(`${two}${read(2, 1, 2, "@n1")}${read(3, 1, 0, "@n2")}`)).toMatchInlineSnapshot(
      `"invalid, 1 number-back: n2 answered 0 to process 1 at 3.10 s, which had already seen 2 at 2.10 s: 2 back [2 4]"`,
    );
    expect(tell(`${two}${read(2, 0, null)}`)).toMatchInlineSnapshot(
      `"invalid, 1 number-back: process 0 read 0 at 2.10 s, which had already seen 2 at 1.10 s: 2 back [0 2]"`,
    );
    expect(tell(`${two}${read(2, 1, 2)}3.0 1 invoke incr 1\n3.1 1 ok incr 1`)).toMatchInlineSnapshot(
      `"invalid, 1 number-back: process 1 read 1 after adding 1 at 3.10 s, which had already seen 2 at 2.10 s: 2 back [2 4]"`,
    );
    expect(tell(`${two}${read(2, 1, 2)}${read(3, 1, 1)}${read(4, 1, 0)}`)).toMatchInlineSnapshot(
      `"invalid, 2 number-back: process 1 read 1 at 3.10 s, which had already seen 2 at 2.10 s: 1 back [2 4]"`,
    );
  });
  it("says unknown where nothing can be said", () => {
    expect(tell(`${two}${read(2, 1, 2)}`)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no process saw a growing number twice"`,
    );
    expect(tell(`${two}2.0 0 invoke incr -1\n2.1 0 ok incr 1`)).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): something that is no whole number from 0 to 2^53 was added to a number, or read of it: give every key operations of one kind only, and let numbers only grow"`,
    );
    expect(tell(`${two}${read(2, 0, "two")}`)).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): something that is no whole number from 0 to 2^53 was added to a number, or read of it: give every key operations of one kind only, and let numbers only grow"`,
    );
  });
});

/** One atomic number, or one that a process may see as it was earlier, but never earlier than it saw it last. */
const growing = (stale: boolean): SimulatedObject<{ value: number; seen: Map<number, number> }> => ({
  start: () => ({ value: 0, seen: new Map() }),
  act: (state, random, process, happens) => {
    if (random.fraction() < 0.4) {
      const amount = random.integer(0, 2);
      if (happens) state.value += amount;
      if (happens) state.seen.set(process, state.value);
      return { f: "incr", asked: amount, answer: state.value };
    }
    const answer = stale ? random.integer(state.seen.get(process) ?? 0, state.value) : state.value;
    if (happens) state.seen.set(process, answer);
    return { f: "read", asked: null, answer };
  },
  distort: (answer, random) => Math.max(0, (answer as number) + random.pick([-2, -1, 1])),
});

const sequentialNumber: SequentialObject = {
  initial: "0",
  step: (state, op) => {
    const next = Number(state) + (op.f === "read" ? 0 : (op.asked as number));
    return op.outcome === "ok" && op.answer !== next ? null : String(next);
  },
};

describe("against brute force", () => {
  it("raises no false alarm, and what it refuses no order explains", () => {
    const comparison = { checker: monotonicChecker, object: growing(false), oracle: sequentialNumber };
    const said = compareWithBruteForce({ ...comparison, histories: 100_000, sessions: true, isExact: () => false });
    expect(said["valid"]).toBeGreaterThan(40_000);
    expect(said["invalid"]).toBeGreaterThan(4000);
  });
  it("raises none where reads are stale but go on", () => {
    const shape = { operations: 300, clients: 6, info: 0.05, fail: 0.05 };
    expect(falseAlarms(monotonicChecker, growing(true), 200, shape)).toEqual([]);
  });
});

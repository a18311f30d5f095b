import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type ObjectOperation, objectOperations } from "../objects/operations.ts";
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

const maps = (...seen: readonly [process: number, values: Record<string, number>][]): string =>
  seen
    .map(
      ([process, values], at) =>
        `${at + 1}.0 ${process} invoke read /\n${at + 1}.1 ${process} ok read ${JSON.stringify(values)} /\n`,
    )
    .join("");

describe("several numbers that are read at once", () => {
  it("are compared for each process by itself", () => {
    expect(tell(maps([1, { a: 1, b: 1 }], [1, { a: 1, b: 0 }]))).toMatchInlineSnapshot(
      `"invalid, 1 number-back: process 1 read 0 at 2.10 s, which had already seen 1 at 1.10 s: 1 back [0 2]"`,
    );
  });
  it("are not judged where one of them may have been lowered", () => {
    const lowered = `3.0 2 invoke incr {"b":-1} /\n3.1 2 info incr {"b":-1} /\n`;
    expect(tell(maps([1, { a: 1, b: 1 }], [1, { a: 1, b: 0 }]) + lowered)).toMatch(
      /^unknown \(unsupported-operation\)/,
    );
  });
  it("grow in one order, whoever reads them", () => {
    expect(tell(maps([0, { a: 0, b: 0 }], [1, { a: 1, b: 0 }], [0, { a: 1, b: 1 }]))).toMatchInlineSnapshot(
      `"valid: no process saw a number go back, in 2 comparisons"`,
    );
    expect(tell(maps([0, { a: 0, b: 1 }], [1, { a: 1, b: 0 }]))).toMatchInlineSnapshot(
      `"invalid, 1 order-cycle: process 0 read 0 for a at 1.10 s, and process 1 read 1 for it; process 1 read 0 for b at 2.10 s, and process 0 read 1 for it: no order of these fits all numbers [0 2]"`,
    );
    expect(tell(maps([0, { a: 0, b: 1 }], [1, { b: 0, c: 1 }], [2, { c: 0, a: 1 }]))).toMatchInlineSnapshot(
      `"invalid, 1 order-cycle: process 0 read 0 for a at 1.10 s, and process 2 read 1 for it; process 2 read 0 for c at 3.10 s, and process 1 read 1 for it; process 1 read 0 for b at 2.10 s, and process 0 read 1 for it: no order of these fits all numbers [0 2 4]"`,
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

const names = ["a", "b", "c"] as const;

/** Three numbers, incremented one at a time, some of them read at one instant. */
const severalNumbers: SimulatedObject<Record<string, number>> = {
  start: () => ({ a: 0, b: 0, c: 0 }),
  act: (state, random, _process, happens) => {
    if (random.fraction() < 0.4) {
      const name = random.pick(names);
      if (happens) state[name]!++;
      return { f: "incr", asked: { [name]: 1 }, answer: { [name]: state[name] } };
    }
    const read = random.shuffle(names).slice(0, random.integer(1, 3));
    return { f: "read", asked: null, answer: Object.fromEntries(read.map((name) => [name, state[name]])) };
  },
  distort: (answer, random) => {
    const entries = Object.entries(answer as Record<string, number>);
    return Object.fromEntries(entries.map(([name, value]) => [name, Math.max(0, value + random.pick([-1, 0, 1]))]));
  },
};

/** Whether some order of all answers has every number only grow, and keeps each process's own: tries every order. */
function growInSomeOrder(events: readonly HistoryEvent[]): boolean {
  const answers = objectOperations(events).filter(({ outcome }) => outcome === "ok");
  const follows = (later: ObjectOperation, earlier: ObjectOperation): boolean => {
    const [before, after] = [earlier.answer, later.answer] as [Record<string, number>, Record<string, number>];
    return Object.entries(before).every(([name, value]) => (after[name] ?? value) >= value);
  };
  const isLast = (one: ObjectOperation, others: readonly ObjectOperation[]): boolean =>
    others.every((other) => follows(one, other));
  const orderable = (left: readonly ObjectOperation[]): boolean =>
    left.length === 0 ||
    left.some((one) => {
      const others = left.filter((other) => other !== one);
      return isLast(one, others) && orderable(others);
    });
  const ofProcesses = Map.groupBy(answers, ({ process }) => process).values();
  const growForEach = [...ofProcesses].every((own) => own.every((one, at) => isLast(one, own.slice(0, at))));
  return growForEach && orderable(answers);
}

describe("against brute force", () => {
  it("refuses exactly the maps of numbers that no order explains", () => {
    const comparison = { checker: monotonicChecker, object: severalNumbers, oracle: growInSomeOrder, sessions: true };
    const said = compareWithBruteForce({ ...comparison, histories: 100_000, isExact: () => true });
    expect(said["valid"]).toBeGreaterThan(40_000);
    expect(said["invalid"]).toBeGreaterThan(5000);
  });
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

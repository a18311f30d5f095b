import { describe, expect, it } from "vitest";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { counterChecker } from "./counter.ts";

const tell = teller(counterChecker);

describe("counters", () => {
  it("accepts answers within what was certainly and possibly added", () => {
    expect(
      tell(`
      0 invoke add 5
      1 invoke read
      1 ok     read 5
      2 invoke read
      2 ok     read 5
      0 info   add 5 !timeout
      3 invoke add -2
      2 invoke read
      2 ok     read 3
      3 ok     add -2
      1 invoke incr 4
      1 ok     incr 7
      1 invoke read
      1 ok     read 7`),
    ).toMatchInlineSnapshot(`"valid: 5 answers within the bounds of 3 additions"`);
    expect(tell("0 invoke add 1\n0 fail add 1\n0 invoke read\n0 ok read null")).toMatchInlineSnapshot(
      `"valid: 1 answer within the bounds of 0 additions"`,
    );
  });

  it("tells an answer outside faults", () => {
    expect(
      tell(`
      1.0 0 invoke add 5
      1.1 0 ok     add 5
      1.2 1 invoke read
      1.3 1 ok     read 4 @n2`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 counter-bounds: n2 answered 4 to process 1 at 1.30 s, but by what was added by then it certainly was 5: at least 1 too low [2]"`,
    );
    expect(
      tell(`
      1.0 0 invoke add 5
      1.1 0 ok     add 5
      1.2 2 invoke add 3
      1.3 1 invoke read
      1.4 1 ok     read 9
      1.5 2 info   add 3`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 counter-bounds: process 1 read 9 at 1.40 s, but by what was added by then it was between 5 and 8: at least 1 too high [3]"`,
    );
    expect(
      tell(`
      1.0 0 invoke add 5
      1.1 0 fail   add 5
      1.2 1 invoke incr 2
      1.3 1 ok     incr 7 @n1`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 counter-bounds: n1 answered 7 to process 1 at 1.30 s, but by what was added by then it certainly was 2: at least 5 too high [2]"`,
    );
    expect(
      tell(`
      1.0 0 invoke add -5
      1.1 0 info   add -5
      1.2 1 invoke read
      1.3 1 ok     read -6`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 counter-bounds: process 1 read -6 at 1.30 s, but by what was added by then it was between -5 and 0: at least 1 too low [2]"`,
    );
  });

  it("tells a counter that went back", () => {
    const pending = "1.0 0 invoke add 5\n1.1 1 invoke read\n1.2 1 ok read 5 @n1\n1.3 2 invoke read\n";
    expect(tell(`${pending}1.4 2 ok read 0 @n2\n1.5 0 ok add 5`)).toMatchInlineSnapshot(
      `"invalid, 1 counter-back: n2 answered 0 to process 2 at 1.40 s, but process 1 had seen 5 by 1.20 s, and nothing was ever subtracted [1 3]"`,
    );
    expect(tell(`${pending}1.4 2 ok read null\n1.5 0 info add 5`)).toMatchInlineSnapshot(
      `"invalid, 1 counter-back: process 2 read 0 at 1.40 s, but process 1 had seen 5 by 1.20 s, and nothing was ever subtracted [1 3]"`,
    );
    expect(tell(`${pending}1.4 2 ok read 5\n1.5 2 invoke incr 1\n1.6 2 ok incr 1 @n3`)).toMatchInlineSnapshot(
      `"invalid, 1 counter-back: n3 answered 1 to process 2 at 1.60 s, but process 1 had seen 5 by 1.20 s, and nothing was ever subtracted [1 5]"`,
    );
  });

  it("tells increments that were answered alike", () => {
    const two = "1.0 0 invoke incr 1\n1.1 1 invoke incr 1\n";
    expect(tell(`${two}1.2 0 ok incr 1\n1.3 1 ok incr 1`)).toMatchInlineSnapshot(
      `"invalid, 1 same-answer: increments of process 0 at 1.20 s and of process 1 at 1.30 s were both answered 1: one of them was lost [0 1]"`,
    );
    expect(tell(`${two}1.2 0 ok incr 2\n1.3 1 ok incr 2`)).toMatchInlineSnapshot(
      `"invalid, 1 same-answer: increments of process 0 at 1.20 s and of process 1 at 1.30 s were both answered 2: one of them was lost [0 1]"`,
    );
    expect(tell(`${two}1.2 2 invoke incr 1\n1.3 2 ok incr 2\n1.4 0 ok incr 2\n1.5 1 ok incr 2`)).toMatchInlineSnapshot(
      `"invalid, 2 same-answer: increments of process 0 at 1.40 s and of process 1 at 1.50 s were both answered 2: one of them was lost [0 1]"`,
    );
    expect(tell(`${two}1.2 0 ok incr 1\n1.3 1 ok incr 2`)).toMatchInlineSnapshot(
      `"valid: 2 answers within the bounds of 2 additions"`,
    );
  });

  it("says unknown where nothing can be said", () => {
    expect(tell("0 invoke add 1\n0 ok add 1")).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no counter that clients added to was read"`,
    );
    expect(tell("0 invoke read\n0 ok read 0")).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no counter that clients added to was read"`,
    );
    expect(tell("0 invoke add 1\n0 ok add 1\n0 invoke read\n0 ok read [1]")).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): something that is no whole number up to 2^53 was added to a counter, or read of it: give every key operations of one kind only, and add whole numbers"`,
    );
  });
});

const counterOf = (least: number): SimulatedObject<{ sum: number }> => ({
  start: () => ({ sum: 0 }),
  act: (state, random, _process, happens) => {
    if (random.fraction() < 0.4) return { f: "read", asked: null, answer: state.sum };
    const amount = random.integer(least, 3);
    if (happens) state.sum += amount;
    const observes = random.fraction() < 0.4;
    return { f: observes ? "incr" : "add", asked: amount, answer: observes ? state.sum : amount };
  },
  distort: (answer, random) => (answer as number) + random.pick([-2, -1, 1, 2]),
});

const sequentialCounter: SequentialObject = {
  initial: "0",
  step: (state, op) => {
    const sum = Number(state) + (op.f === "read" ? 0 : (op.asked as number));
    return op.f !== "add" && op.outcome === "ok" && op.answer !== sum ? null : String(sum);
  },
};

describe("against brute force", () => {
  it.each([1, 0, -3])("raises no false alarm with amounts from %i on", (least) => {
    const object = counterOf(least);
    const comparison = { checker: counterChecker, object, oracle: sequentialCounter, histories: 34_000 };
    const said = compareWithBruteForce({ ...comparison, isExact: () => false });
    expect(said["valid"]).toBeGreaterThan(10_000);
    expect(said["invalid"]).toBeGreaterThan(4000);
    // Bounds are necessary, not sufficient; they must still find most of what is wrong.
    expect(said["missed"]! / said["invalid"]!).toBeLessThan(0.4);
  });
  it("raises none in long histories", () => {
    const shape = { operations: 600, clients: 10, info: 0.1, fail: 0.05 };
    expect(falseAlarms(counterChecker, counterOf(1), 10, shape)).toEqual([]);
    expect(falseAlarms(counterChecker, counterOf(-3), 10, shape)).toEqual([]);
  });
});

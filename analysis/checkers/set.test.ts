import { describe, expect, it } from "vitest";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { textHistory } from "../test-support/text-history.ts";
import { setChecker, setFullChecker } from "./set.ts";

const check = (text: string) => setChecker.check(textHistory(text));

/** What the check tells of a broken history: the kinds with their counts, and the first sentence. */
function found(text: string): [anomalies: object, sentence: string] {
  const result = check(text);
  expect(result.verdict).toBe("invalid");
  return [result.anomalies, result.violations[0]!.sentence];
}

describe("sets that only grow", () => {
  it("accepts an add that timed out and was seen, and one that never was", () => {
    const timedOut = `
      0 invoke add 1
      1 invoke add 2
      2 invoke read
      2 ok     read [1]
      0 info   add 1 !timeout
      1 info   add 2 !timeout
      2 invoke read
      2 ok     read [1]`;
    expect(check(timedOut)).toMatchObject({
      verdict: "valid",
      summary: "none of 1 added element was lost, and all reads are linearizable",
      elements: { attempted: 2, acknowledged: 0, recovered: 1, stable: 1, lost: 0, neverRead: 0 },
    });
  });
  it("accepts an element that is missing from a read that began before the add had ended", () => {
    const overlapping = `
      0 invoke add 1
      1 invoke read
      0 ok     add 1
      1 ok     read []
      1 invoke read
      1 ok     read [1]`;
    expect(check(overlapping).verdict).toBe("valid");
  });
  it("takes null for an empty set, and adding twice for adding once", () => {
    const twice = `
      0 invoke read
      0 ok     read null
      0 invoke add 1
      0 ok     add 1
      1 invoke add 1
      0 invoke read
      0 ok     read [1]
      1 ok     add 1`;
    expect(check(twice).verdict).toBe("valid");
  });
});

describe("elements that went missing", () => {
  it.each([
    [
      `
      1.00 0 invoke add 5
      1.10 0 ok     add 5 @n1
      2.30 2 invoke read
      2.31 2 ok     read [] @n3`,
      "n3 answered a set without 5 to process 2 at 2.31 s, but 5 had been acknowledged to process 0 at 1.10 s, and no later read has it",
    ],
    [
      `
      1.00 0 invoke add 5
      1.10 1 invoke read
      1.20 1 ok     read [5] @n1
      1.30 0 info   add 5 !timeout
      2.30 2 invoke read
      2.31 2 ok     read [] @n3`,
      "n3 answered a set without 5 to process 2 at 2.31 s, but process 1 had already seen 5 at 1.20 s, and no later read has it",
    ],
    [
      `
      1.00 0 invoke add 5
      1.10 0 ok     add 5 @n1
      1.20 1 invoke read
      1.30 1 ok     read [5] @n1
      2.30 2 invoke read
      2.31 2 ok     read [6]
      2.32 3 invoke add 6
      2.33 3 ok     add 6`.replace("2.31 2 ok     read [6]", "2.31 2 ok     read []"),
      "process 2 read a set without 5 at 2.31 s, but 5 had been acknowledged to process 0 at 1.10 s, and no later read has it",
    ],
  ])("tells a lost element (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "lost-element": 1 }, sentence]);
  });

  it.each([
    [
      `
      1.00 0 invoke add 5
      1.10 0 ok     add 5 @n1
      1.80 2 invoke read
      1.81 2 ok     read [] @n3
      1.90 2 invoke read
      1.91 2 ok     read [5] @n1`,
      "n3 answered a set without 5 to process 2 at 1.81 s, but 5 had been acknowledged to process 0 at 1.10 s: at least 700 ms stale",
    ],
    [
      `
      1.00 0 invoke add 5
      1.10 1 invoke read
      1.20 1 ok     read [5] @n1
      1.80 2 invoke read
      1.81 2 ok     read [] @n3
      1.90 2 invoke read
      1.91 2 ok     read [5] @n1
      1.92 0 ok     add 5`,
      "n3 answered a set without 5 to process 2 at 1.81 s, but process 1 had already seen 5 at 1.20 s: at least 600 ms stale",
    ],
    [
      `
      1.00 0 invoke add 5
      1.10 0 ok     add 5 @n1
      1.20 1 invoke read
      1.80 2 invoke read
      1.81 2 ok     read [] @n3
      1.90 1 ok     read [5] @n1
      1.91 1 invoke read
      1.92 1 ok     read [5] @n1`,
      "n3 answered a set without 5 to process 2 at 1.81 s, but 5 had been acknowledged to process 0 at 1.10 s: at least 700 ms stale",
    ],
  ])("tells a stale element, which a set with stale reads may have (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "stale-element": 1 }, sentence]);
    expect(setFullChecker.check(textHistory(text))).toMatchObject({ verdict: "valid", elements: { stale: 1 } });
  });

  it("says unknown where nobody read after the adding", () => {
    const unread = `
      0 invoke read
      0 ok     read []
      0 invoke add 1
      0 ok     add 1`;
    expect(check(unread)).toMatchObject({
      verdict: "unknown",
      summary: "1 element had no read after being added: read every set when all adding is over",
      cause: { code: "never-read" },
      elements: { neverRead: 1, lost: 0 },
    });
  });
  it("says unknown where nothing was ever known to be added", () => {
    const refused = `
      0 invoke add 1
      0 info   add 1 !timeout
      0 invoke read
      0 ok     read []`;
    expect(check(refused)).toMatchObject({ verdict: "unknown", cause: { code: "nothing-added" } });
  });
  it("asks for no further read where nobody promised what the last read has", () => {
    const timedOut = `
      0 invoke add 1
      0 info   add 1 !timeout
      1 invoke add 2
      1 ok     add 2
      1 invoke read
      1 ok     read [1,2]`;
    expect(check(timedOut)).toMatchObject({
      verdict: "valid",
      elements: { neverRead: 0, stable: 2, lost: 0 },
    });
  });
});

describe("elements that cannot be there", () => {
  it.each([
    [
      "0.1 1 invoke read\n0.2 1 ok read [7]\n0.3 0 invoke add 1",
      "process 1 read a set with 7 at 0.20 s, but nobody added 7",
    ],
    [
      '0.1 1 invoke read\n0.2 1 ok read ["1"] @n2\n0.3 0 invoke add 1',
      'n2 answered a set with "1" to process 1 at 0.20 s, but nobody added "1"',
    ],
    [
      "0.1 0 invoke add 1\n0.15 1 invoke read\n0.2 1 ok read [1,2]",
      "process 1 read a set with 2 at 0.20 s, but nobody added 2",
    ],
  ])("tells a phantom (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "phantom-element": 1 }, sentence]);
  });

  it.each([
    [
      "0.1 0 invoke add 1\n0.2 0 fail add 1 !not-leader\n0.3 1 invoke read\n0.4 1 ok read [1]",
      "process 1 read a set with 1 at 0.40 s, but process 0's adding it had certainly failed (not-leader)",
    ],
    [
      "0.1 0 invoke add 1\n0.15 1 invoke read\n0.2 0 fail add 1\n0.4 1 ok read [1] @n1",
      "n1 answered a set with 1 to process 1 at 0.40 s, but process 0's adding it had certainly failed",
    ],
    [
      "0.1 0 invoke add 1\n0.15 1 invoke read\n0.2 1 ok read [1] @n1\n0.4 0 fail add 1 !too-large",
      "n1 answered a set with 1 to process 1 at 0.20 s, but process 0's adding it had certainly failed (too-large)",
    ],
  ])("tells an aborted element (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "aborted-element": 1 }, sentence]);
  });

  it.each([
    [
      "0.1 1 invoke read\n0.2 1 ok read [1]\n0.3 0 invoke add 1\n0.4 0 ok add 1\n0.5 1 invoke read\n0.6 1 ok read [1]",
      "process 1 read a set with 1 at 0.20 s, before process 0 began to add it at 0.30 s",
    ],
    [
      "0.1 1 invoke read\n0.2 1 ok read [1] @n1\n0.3 0 invoke add 1\n0.4 0 info add 1",
      "n1 answered a set with 1 to process 1 at 0.20 s, before process 0 began to add it at 0.30 s",
    ],
    [
      "0.1 1 invoke read\n0.2 1 ok read [1]\n0.201 0 invoke add 1",
      "process 1 read a set with 1 at 0.200 s, before process 0 began to add it at 0.201 s",
    ],
  ])("tells a read of the future (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "future-element": 1 }, sentence]);
  });

  it.each([
    [
      "0.1 0 invoke add 1\n0.2 0 ok add 1\n0.3 1 invoke read\n0.4 1 ok read [1,1]",
      "process 1 read a set with 1 in it 2 times at 0.40 s",
    ],
    [
      "0.1 0 invoke add 1\n0.3 1 invoke read\n0.4 1 ok read [1,1,1] @n1",
      "n1 answered a set with 1 in it 3 times to process 1 at 0.40 s",
    ],
    [
      '0.1 0 invoke add "a"\n0.2 0 ok add "a"\n0.21 0 invoke add "a"\n0.22 0 ok add "a"\n0.3 1 invoke read\n0.4 1 ok read ["a","a"]',
      'process 1 read a set with "a" in it 2 times at 0.40 s',
    ],
  ])("tells a duplicate (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "duplicate-element": 1 }, sentence]);
  });
});

describe("reads that no order explains, though none is stale by itself", () => {
  const pair = "1.0 0 invoke add 1\n1.0 1 invoke add 2\n1.1 2 invoke read\n1.1 3 invoke read\n";
  const rest = "\n1.4 0 ok add 1\n1.4 1 ok add 2\n1.5 2 invoke read\n1.6 2 ok read [1,2]";
  it.each([
    [
      `${pair}1.2 2 ok read [1] @n1\n1.3 3 ok read [2] @n2${rest}`,
      "n1 answered a set with 1 and without 2 to process 2 at 1.20 s, yet n2 answered one with 2 and without 1 to process 3 at 1.30 s",
    ],
    [
      `${pair}1.2 2 ok read [2]\n1.3 3 ok read [1]${rest}`,
      "process 2 read a set with 2 and without 1 at 1.20 s, yet process 3 read one with 1 and without 2 at 1.30 s",
    ],
    [
      `${pair}1.0 4 invoke add 3\n1.2 2 ok read [2] @n1\n1.3 3 ok read [1,3] @n2${rest.replace("[1,2]", "[1,2,3]")}`.replace(
        "1.0 4",
        "1.1 4",
      ),
      "n1 answered a set with 2 and without 1 to process 2 at 1.20 s, yet n2 answered one with 1 and without 2 to process 3 at 1.30 s",
    ],
  ])("tells incomparable reads (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "sets-disagree": 1 }, sentence]);
  });

  const order = (read: string): string => `
      1.0 9 invoke read
      1.1 0 invoke add 2
      1.2 0 ok     add 2
      1.3 0 invoke add 1
      1.4 9 ok     ${read}
      1.5 0 ok     add 1
      1.6 9 invoke read
      1.7 9 ok     read [1,2]`;
  it.each([
    [
      order("read [1] @n1"),
      "n1 answered a set with 1 and without 2 to process 9 at 1.40 s, but 2 had been acknowledged to process 0 at 1.20 s, before process 0 began to add 1 at 1.30 s",
    ],
    [
      order("read [1]"),
      "process 9 read a set with 1 and without 2 at 1.40 s, but 2 had been acknowledged to process 0 at 1.20 s, before process 0 began to add 1 at 1.30 s",
    ],
    [
      order("read [1]").replace("1.5 0 ok ", "1.5 0 info"),
      "process 9 read a set with 1 and without 2 at 1.40 s, but 2 had been acknowledged to process 0 at 1.20 s, before process 0 began to add 1 at 1.30 s",
    ],
  ])("tells an element that was seen without an earlier one (%#)", (text, sentence) => {
    expect(found(text)).toEqual([{ "element-order": 1 }, sentence]);
  });
  it("accepts the same reads in the order of the adds", () => {
    expect(check(order("read [2]")).verdict).toBe("valid");
  });
});

it("never calls nothing valid", () => {
  expect(check("0 invoke add 1\n0 ok add 1")).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
  expect(check("0 invoke read\n0 ok read []")).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
});

it("leaves a set open that was answered with something else", () => {
  expect(check("0 invoke add 1\n0 ok add 1\n0 invoke read\n0 ok read 1")).toMatchObject({
    verdict: "unknown",
    cause: { code: "unsupported-operation" },
  });
});

/** Adds of fresh numbers, and now and then of the last one again. */
const growingSet: SimulatedObject<{ in: number[]; last: number }> = {
  start: () => ({ in: [], last: 0 }),
  act: (state, random, _process, happens) => {
    if (random.fraction() < 0.5) return { f: "read", asked: null, answer: random.shuffle(state.in) };
    const again = state.last > 0 && random.fraction() < 0.1;
    const element = again ? state.last : ++state.last;
    if (happens && !state.in.includes(element)) state.in.push(element);
    return { f: "add", asked: element, answer: element };
  },
  distort: (answer, random) => {
    const list = Array.isArray(answer) ? (answer as number[]) : [];
    const element = random.integer(1, 5);
    return list.includes(element) ? list.filter((other) => other !== element) : [...list, element];
  },
};

const sequentialSet: SequentialObject = {
  initial: "[]",
  step: (state, op) => {
    const elements = JSON.parse(state) as number[];
    if (op.f === "add") return JSON.stringify([...new Set([...elements, op.asked as number])].sort());
    if (op.outcome !== "ok") return state;
    return JSON.stringify([...(op.answer as number[])].sort()) === state ? state : null;
  },
};

describe("against brute force", () => {
  it("decides linearizability of a growing set exactly", () => {
    const comparison = { checker: setChecker, object: growingSet, oracle: sequentialSet, histories: 100_000 };
    const said = compareWithBruteForce({ ...comparison, isExact: (events) => events.some(({ f }) => f === "add") });
    expect(said["valid"]).toBeGreaterThan(20_000);
    expect(said["invalid"]).toBeGreaterThan(8000);
  });
  it("raises no false alarm where reads may be stale", () => {
    const comparison = { checker: setFullChecker, object: growingSet, oracle: sequentialSet, histories: 10_000 };
    expect(compareWithBruteForce({ ...comparison, isExact: () => false })["invalid"]).toBeGreaterThan(500);
  });
  it("raises none in long histories", () => {
    const shape = { operations: 400, clients: 10, info: 0.1, fail: 0.05 };
    expect(falseAlarms(setChecker, growingSet, 10, shape)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { appendListChecker } from "./append-list.ts";

const tell = teller(appendListChecker);
const append = (from: number, element: number, outcome = "ok"): string =>
  `${from.toFixed(1)} ${element} invoke append ${element}\n${(from + 0.1).toFixed(1)} ${element} ${outcome} append ${element}\n`;
const read = (from: number, list: string, node = ""): string =>
  `${from.toFixed(1)} 9 invoke read\n${(from + 0.1).toFixed(1)} 9 ok read ${list} ${node}\n`;
/** Both appends under way while two processes read. */
const open = "1.0 1 invoke append 1\n1.0 2 invoke append 2\n1.1 8 invoke read\n1.1 9 invoke read\n";

describe("lists that are only appended to", () => {
  it("accepts what one list explains", () => {
    expect(tell(`${read(0.5, "null")}${append(1, 1)}${append(2, 2, "info")}${read(3, "[1,2]")}`)).toMatchInlineSnapshot(
      `"valid: one order explains 2 reads of 2 appends"`,
    );
    expect(
      tell(`${open}1.2 8 ok read [2]\n1.3 9 ok read [2,1]\n1.4 1 ok append 1\n1.5 2 ok append 2`),
    ).toMatchInlineSnapshot(`"valid: one order explains 2 reads of 2 appends"`);
    expect(tell(`${append(1, 1)}${append(2, 2, "info")}${read(3, "[1]")}`)).toMatchInlineSnapshot(
      `"valid: one order explains 1 read of 2 appends"`,
    );
  });
  it("tells lists that disagree", () => {
    const rest = "1.4 1 ok append 1\n1.5 2 ok append 2\n";
    expect(tell(`${open}1.2 8 ok read [1,2] @n1\n1.3 9 ok read [2,1] @n2\n${rest}`)).toMatchInlineSnapshot(
      `"invalid, 1 lists-disagree: n1 answered a list with 1 at place 1 to process 8 at 1.20 s, yet n2 answered a list with 2 at place 1 to process 9 at 1.30 s [2 3]"`,
    );
    expect(tell(`${open}1.2 8 ok read [1]\n1.3 9 ok read [2]\n${rest}`)).toMatchInlineSnapshot(
      `"invalid, 1 lists-disagree: process 8 read a list with 1 at place 1 at 1.20 s, yet process 9 read a list with 2 at place 1 at 1.30 s [2 3]"`,
    );
    expect(tell(`${append(0.2, 3)}${open}1.2 8 ok read [3,1]\n1.3 9 ok read [3,2,1]\n${rest}`)).toMatchInlineSnapshot(
      `"invalid, 1 lists-disagree: process 8 read a list with 1 at place 2 at 1.20 s, yet process 9 read a list with 2 at place 2 at 1.30 s [4 5]"`,
    );
  });
  it("tells stale lists", () => {
    expect(tell(`${append(1, 1)}${append(2, 2)}${read(3, "[1]", "@n2")}${read(4, "[1,2]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 stale-list: n2 answered a list without 2 to process 9 at 3.10 s, but it had been acknowledged to process 2 at 2.10 s: at least 900 ms stale [2 4]"`,
    );
    expect(tell(`${append(1, 1)}${read(2, "[]")}${read(4, "[1]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 stale-list: process 9 read a list without 1 at 2.10 s, but it had been acknowledged to process 1 at 1.10 s: at least 900 ms stale [0 2]"`,
    );
    expect(
      tell(`0.5 2 invoke append 2\n${read(1, "[2]")}${read(2, "null", "@n3")}2.5 2 ok append 2`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 stale-list: n3 answered a list without 2 to process 9 at 2.10 s, but process 9 had already seen it at 1.10 s: at least 900 ms stale [1 3]"`,
    );
  });
  it("tells lost appends", () => {
    expect(tell(`${append(1, 1)}${read(2, "[]", "@n1")}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-append: n1 answered a list without 1 to process 9 at 2.10 s, but it had been acknowledged to process 1 at 1.10 s, and no read ever has it [0 2]"`,
    );
    expect(tell(`${append(1, 1)}${append(2, 2)}${read(3, "[2]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-append: process 9 read a list without 1 at 3.10 s, but it had been acknowledged to process 1 at 1.10 s, and no read ever has it [0 4]"`,
    );
    expect(tell(`${append(1, 1)}${append(2, 2)}${read(3, "[1]")}${read(4, "[1]", "@n2")}`)).toMatchInlineSnapshot(
      `"invalid, 1 lost-append: n2 answered a list without 2 to process 9 at 4.10 s, but it had been acknowledged to process 2 at 2.10 s, and no read ever has it [2 6]"`,
    );
  });
  it("tells elements that were appended in another order", () => {
    const early = "0.8 8 invoke read\n";
    expect(tell(`${append(1, 1)}${append(2, 2)}${read(3, "[2,1]", "@n1")}`)).toMatchInlineSnapshot(
      `"invalid, 1 element-order: n1 answered a list with 2 before 1 to process 9 at 3.10 s, but 1 had been acknowledged to process 1 at 1.10 s, before process 2 began to append 2 at 2.00 s [0 2 4]"`,
    );
    expect(tell(`${early}${append(1, 1)}${append(2, 2)}2.5 8 ok read [2]`)).toMatchInlineSnapshot(
      `"invalid, 1 element-order: process 8 read a list with 2 and without 1 at 2.50 s, but 1 had been acknowledged to process 1 at 1.10 s, before process 2 began to append 2 at 2.00 s [0 1 3]"`,
    );
    expect(tell(`${append(1, 1)}${append(2, 2)}${append(2.5, 3)}${read(3, "[2,1,3]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 element-order: process 9 read a list with 2 before 1 at 3.10 s, but 1 had been acknowledged to process 1 at 1.10 s, before process 2 began to append 2 at 2.00 s [0 2 6]"`,
    );
  });
  it("tells elements that cannot be there", () => {
    expect(tell(`${append(1, 1)}${read(2, "[1,7]", "@n1")}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-element: n1 answered a list with 7 to process 9 at 2.10 s, but nobody added 7 [2]"`,
    );
    expect(tell(`${append(1, 1, "fail")}${read(2, "[1]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 aborted-element: process 9 read a list with 1 at 2.10 s, but process 1's adding it had certainly failed [0 2]"`,
    );
    expect(tell(`${read(0.5, "[1]")}${append(1, 1)}${read(2, "[1]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 future-element: process 9 read a list with 1 at 0.60 s, before process 1 began to add it at 1.00 s [0 2]"`,
    );
    expect(tell(`${append(1, 1)}${read(2, "[1,1]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-element: process 9 read a list with 1 in it 2 times at 2.10 s [2]"`,
    );
  });
  it("says unknown where nothing can be said", () => {
    expect(tell(append(1, 1))).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no list that clients appended to was read"`,
    );
    expect(tell(`${append(1, 1)}${append(2, 1)}${read(3, "[1,1]")}`)).toMatchInlineSnapshot(
      `"unknown (values-repeat): the order of elements that were appended several times is ambiguous: append every element to a list only once"`,
    );
    expect(tell(`${append(1, 1)}${read(3, "1")}`)).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): a read was answered with something that is no list: give every key operations of one kind only"`,
    );
  });
});

const simulatedList: SimulatedObject<{ list: number[]; last: number }> = {
  start: () => ({ list: [], last: 0 }),
  act: (state, random, _process, happens) => {
    if (random.fraction() < 0.5) return { f: "read", asked: null, answer: [...state.list] };
    state.last++;
    if (happens) state.list.push(state.last);
    return { f: "append", asked: state.last, answer: state.last };
  },
  distort: (answer, random) => {
    if (!Array.isArray(answer)) return answer;
    const changes = [() => random.shuffle(answer), () => answer.slice(0, -1), () => [...answer, random.integer(1, 5)]];
    return random.pick(changes)();
  },
};

const sequentialList: SequentialObject = {
  initial: "[]",
  step: (state, op) => {
    if (op.f === "append") return JSON.stringify([...(JSON.parse(state) as unknown[]), op.asked]);
    return op.outcome !== "ok" || JSON.stringify(op.answer) === state ? state : null;
  },
};

describe("against brute force", () => {
  it("decides linearizability of a list exactly", () => {
    const said = compareWithBruteForce({
      ...{ checker: appendListChecker, object: simulatedList, oracle: sequentialList, histories: 100_000 },
      isExact: (events) => events.some(({ f }) => f === "append"),
    });
    expect(said["valid"]).toBeGreaterThan(40_000);
    expect(said["invalid"]).toBeGreaterThan(8000);
  });
  it("raises no false alarm in long histories", () => {
    const shape = { operations: 600, clients: 10, info: 0.1, fail: 0.05 };
    expect(falseAlarms(appendListChecker, simulatedList, 10, shape)).toEqual([]);
  });
});

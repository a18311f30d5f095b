import { describe, expect, it } from "vitest";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject } from "../objects/test-support/simulate.ts";
import { longForkChecker } from "./long-fork.ts";

const tell = teller(longForkChecker);
const write = (from: number, process: number, key: string, outcome = "ok"): string =>
  `${from.toFixed(1)} ${process} invoke txn [["w","${key}",1]]\n${(from + 0.1).toFixed(1)} ${process} ${outcome} txn [["w","${key}",1]]\n`;
const read = (from: number, process: number, values: Record<string, unknown>, node = ""): string => {
  const steps = (known: boolean): string =>
    JSON.stringify(Object.entries(values).map(([key, value]) => ["r", key, known ? value : null]));
  return `${from.toFixed(1)} ${process} invoke txn ${steps(false)}\n${(from + 0.1).toFixed(1)} ${process} ok txn ${steps(true)} ${node}\n`;
};
const both = `${write(1, 0, "a")}${write(1.5, 0, "b")}`;

describe("long forks", () => {
  it("accepts writes that are seen in one order", () => {
    expect(tell(`${both}${read(2, 1, { a: 1, b: null })}${read(3, 2, { a: 1, b: 1 })}`)).toMatchInlineSnapshot(
      `"valid: 2 reads of 2 keys saw the writes in one order"`,
    );
    expect(
      tell(
        '1.0 0 invoke write 1 /a\n1.1 0 ok write 1 /a\n1.2 0 invoke write 1 /b\n1.3 0 info write 1 /b\n2.0 1 invoke read-group\n2.1 1 ok read-group [["a",null],["b",1]]',
      ),
    ).toMatchInlineSnapshot(`"valid: 1 read of 2 keys saw the writes in one order"`);
  });
  it("tells writes that are seen in two", () => {
    expect(
      tell(`${both}${read(2, 1, { a: 1, b: null }, "@n1")}${read(3, 2, { a: null, b: 1 }, "@n2")}`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 long-fork: n1 answered that a was written and b was not to process 1 at 2.10 s, yet n2 answered that b was written and a was not to process 2 at 3.10 s [0 2 4 6]"`,
    );
    expect(
      tell(`${both}${write(1.7, 0, "c")}${read(2, 1, { c: 1, a: 1, b: null })}${read(3, 2, { b: 1, c: null })}`),
    ).toMatchInlineSnapshot(
      `"invalid, 1 long-fork: process 1 read that c was written and b was not at 2.10 s, yet process 2 read that b was written and c was not at 3.10 s [2 4 6 8]"`,
    );
    expect(
      tell(
        `${both}${write(1.7, 0, "c", "info")}${read(2, 1, { a: null, b: 1, c: null })}${read(3, 2, { a: null, b: null, c: 1 })}`,
      ),
    ).toMatchInlineSnapshot(
      `"invalid, 1 long-fork: process 1 read that b was written and c was not at 2.10 s, yet process 2 read that c was written and b was not at 3.10 s [2 4 6 8]"`,
    );
  });
  it("tells values that cannot be there", () => {
    expect(tell(`${both}${read(2, 1, { a: 2, b: null }, "@n1")}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-element: n1 answered 2 for a to process 1 at 2.10 s, but nobody wrote it [4]"`,
    );
    expect(tell(`${both}${read(2, 1, { a: null, z: 1 })}`)).toMatchInlineSnapshot(
      `"invalid, 1 phantom-element: process 1 read 1 for z at 2.10 s, but nobody wrote it [4]"`,
    );
    expect(tell(`${both}${write(1.8, 3, "d", "fail")}${read(2, 1, { a: 1, b: 1, d: 1 })}`)).toMatchInlineSnapshot(
      `"invalid, 1 aborted-element: process 1 read 1 for d at 2.10 s, but process 3's write of it had certainly failed [4 6]"`,
    );
  });
  it("says unknown where nothing can be said", () => {
    expect(tell(both)).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no read of several written keys was answered"`,
    );
    expect(
      tell(`${both}${write(1.8, 0, "a")}${read(2, 1, { a: 1, b: null })}${read(3, 2, { a: null, b: 1 })}`),
    ).toMatchInlineSnapshot(`"unknown (values-repeat): key "a" was written several times: write every key only once"`);
    expect(tell('0 invoke txn [["r","a",null],["w","b",1]]\n0 ok txn [["r","a",1],["w","b",1]]')).toMatchInlineSnapshot(
      `"unknown (unsupported-operation): a transaction neither only reads nor only writes: judge such a history by its transactions"`,
    );
  });
});

const keys = ["a", "b", "c"];

/** Each key is written once. */
const simulatedKeys: SimulatedObject<{ unwritten: string[]; held: Map<string, number> }> = {
  start: () => ({ unwritten: [...keys], held: new Map() }),
  act: (state, random, _process, happens) => {
    const key = random.fraction() < 0.5 ? state.unwritten.pop() : undefined;
    if (key !== undefined) {
      if (happens) state.held.set(key, 1);
      return { f: "txn", asked: [["w", key, 1]], answer: [["w", key, 1]] };
    }
    const read = random.shuffle(keys).slice(0, random.integer(1, 3));
    const answer = read.map((one) => ["r", one, state.held.get(one) ?? null]);
    return { f: "txn", asked: read.map((one) => ["r", one, null]), answer };
  },
  distort: (answer, random) =>
    (answer as [string, string, unknown][]).map(([f, key, value]) =>
      f === "r" && random.fraction() < 0.5 ? [f, key, value === null ? 1 : null] : [f, key, value],
    ),
};

const sequentialKeys: SequentialObject = {
  initial: "[]",
  step: (state, op) => {
    const held = JSON.parse(state) as string[];
    const steps = (op.answer ?? op.asked) as [string, string, unknown][];
    if (steps[0]?.[0] === "w") return JSON.stringify([...held, steps[0][1]].sort());
    const fits = steps.every(([, key, value]) => (value !== null) === held.includes(key));
    return op.outcome !== "ok" || fits ? state : null;
  },
};

describe("against brute force", () => {
  it("raises no false alarm", () => {
    const comparison = { checker: longForkChecker, object: simulatedKeys, oracle: sequentialKeys, histories: 100_000 };
    const said = compareWithBruteForce({ ...comparison, isExact: () => false });
    expect(said["valid"]).toBeGreaterThan(20_000);
    expect(said["invalid"]).toBeGreaterThan(3000);
  });
  it("raises none in long histories", () => {
    const shape = { operations: 300, clients: 10, info: 0.1, fail: 0.05 };
    expect(falseAlarms(longForkChecker, simulatedKeys, 20, shape)).toEqual([]);
  });
});

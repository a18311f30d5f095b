import { describe, expect, it } from "vitest";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import { teller } from "../objects/test-support/found.ts";
import type { SequentialObject } from "../objects/test-support/oracle.ts";
import type { SimulatedObject, SimulatedOperation } from "../objects/test-support/simulate.ts";
import { stepHistory } from "../test-support/step-history.ts";
import { g2Checker } from "./g2.ts";

const tell = teller(g2Checker);
const insert = (from: number, process: number, ids: string, outcome = "ok"): string =>
  `${from.toFixed(1)} ${process} invoke insert ${ids}\n${(from + 0.5).toFixed(1)} ${process} ${outcome} insert ${ids}\n`;

describe("inserts that each need the other to be absent", () => {
  it("may succeed once a key", () => {
    expect(tell(`${insert(1, 0, "[1,null]")}${insert(2, 1, "[null,2]", "fail")}`)).toMatchInlineSnapshot(
      `"valid: 1 key with one insert each that succeeded"`,
    );
  });
  it("never both succeed", () => {
    expect(tell(`${insert(1, 0, "[1,null]")}${insert(2, 1, "[null,2]")}`)).toMatchInlineSnapshot(
      `"invalid, 1 inserted-twice: process 0 inserted [1,null] by 1.50 s and process 1 inserted [null,2] by 2.50 s, though each may only insert while there is no other row [0 2]"`,
    );
  });
  it("say nothing where the outcome of one is unknown, or none succeeded", () => {
    expect(g2Checker.check(stepHistory("insert [1,null] ? ; insert [null,2]"))).toMatchObject({ verdict: "valid" });
    expect(tell(insert(1, 0, "[1,null]", "info"))).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no insert succeeded"`,
    );
  });
  it("name their key in the value where histories of Jepsen were not split", () => {
    const history = stepHistory("insert [7,[1,null]] & insert [7,[null,2]] ; insert [8,[3,null]]");
    const unsplit = history.map(({ key: _, ...event }) => event);
    expect(g2Checker.check(unsplit)).toMatchObject({ verdict: "invalid", keys: 2, anomalies: { "inserted-twice": 1 } });
  });
});

/** Two tables of one key; who inserts takes both of them for one instant. */
const tables: SimulatedObject<{ rows: number; next: number }> = {
  start: () => ({ rows: 0, next: 1 }),
  act: (state, random, _process, happens) => {
    const free = state.rows === 0;
    const id = state.next++;
    const asked = random.fraction() < 0.5 ? [id, null] : [null, id];
    if (happens && free) state.rows++;
    return { f: "insert", asked, answer: free ? asked : null };
  },
  distort: (answer) => answer,
};
const oneRow: SequentialObject = { initial: "free", step: (state) => (state === "free" ? "taken" : null) };
const refused = (operations: SimulatedOperation[]): SimulatedOperation[] =>
  operations.map((op) => (op.type === "ok" && op.answer === null ? { ...op, type: "fail" } : op));

describe("against brute force", () => {
  const comparison = { checker: g2Checker, object: tables, oracle: oneRow, isExact: () => true };
  it("agrees on small histories", () => {
    const said = compareWithBruteForce({ ...comparison, finish: refused, histories: 100_000 });
    expect(said["valid"]).toBeGreaterThan(50_000);
  });
  it("agrees where refusals are taken for successes", () => {
    const said = compareWithBruteForce({ ...comparison, histories: 100_000, mayBeWrong: true });
    expect(said["invalid"]).toBeGreaterThan(50_000);
  });
  it("raises no false alarm in long histories", () => {
    const shape = { operations: 300, clients: 10, info: 0.05, fail: 0.05 };
    expect(falseAlarms(g2Checker, tables, 10, shape, refused)).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { describeOperation, drawn, formatValue } from "./describe.ts";

test.each([
  [{ f: "write", value: 41, outcome: "ok" }, "write 41"],
  [{ f: "read", value: 41, outcome: "ok" }, "read → 41"],
  [{ f: "read", value: null, outcome: "ok" }, "read → absent"],
  [{ f: "read", value: null, outcome: "info" }, "read"],
  [{ f: "cas", value: [41, 44], outcome: "fail" }, "cas 41→44"],
  [{ f: "cas", value: [null, 44], outcome: "ok" }, "cas absent→44"],
  [{ f: "read", value: { a0: 10, a1: 12 }, outcome: "ok" }, "read → {a0: 10, a1: 12}"],
  [{ f: "transfer", value: { from: "a", to: "b", amount: 3 }, outcome: "ok" }, "transfer {from: a, to: b, amount: 3}"],
  [
    {
      f: "txn",
      value: [
        ["r", "x", [1, 2]],
        ["append", "x", 3],
      ],
      outcome: "ok",
    },
    "r x=[1 2], append x 3",
  ],
  [{ f: "txn", value: [["r", "x", null]], outcome: "ok" }, "r x=absent"],
  [
    {
      f: "txn",
      value: [
        ["r", "x", null],
        ["w", "y", 1],
      ],
      outcome: "info",
    },
    "r x, w y 1",
  ],
] as const)("an operation reads as one says it: %j", (operation, text) => {
  expect(describeOperation(operation)).toBe(text);
});

test("of long lists both ends stay, and no object hides what it holds", () => {
  const list = Array.from({ length: 100 }, (_, at) => at);
  expect(formatValue(list, drawn)).toBe("[0 1 … 98 99] (100)");
  expect(formatValue([{ a: [1, { b: null }] }])).toBe("[{a: [1 {b: absent}]}]");
});

test("a drawing cuts what it has no room for", () => {
  const steps = list("append", 12);
  expect(describeOperation({ f: "txn", value: steps, outcome: "ok" }, drawn)).toBe(
    "append k0 0, append k1 1, append k2 2, appe…",
  );
});

function list(f: string, length: number): unknown[] {
  return Array.from({ length }, (_, at) => [f, `k${at}`, at]);
}

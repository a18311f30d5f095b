import fc from "fast-check";
import { expect, test } from "vitest";
import type { KvCommand, KvMicroOp } from "./commands.ts";
import { KvStore } from "./store.ts";

const txn = (...steps: KvMicroOp[]): KvCommand => ({ type: "txn", steps });

test("put, get, delete, and an absent key reads as null", () => {
  const store = new KvStore();
  expect(store.get("k")).toBeNull();
  store.apply({ type: "put", key: "k", value: [1, { a: null }] });
  expect(store.get("k")).toEqual([1, { a: null }]);
  expect(store.apply({ type: "delete", key: "k" })).toEqual({ type: "ok", value: null });
  expect(store.get("k")).toBeNull();
});

test("cas writes when the value is the expected one, and says what it found when not", () => {
  const store = new KvStore();
  expect(store.apply({ type: "cas", key: "k", expected: null, value: 1 })).toEqual({ type: "ok", value: [null, 1] });
  expect(store.apply({ type: "cas", key: "k", expected: 2, value: 3 })).toEqual({ type: "cas-mismatch", found: 1 });
  expect(store.get("k")).toBe(1);
});

test("append makes a list of an absent key, and lengthens one that is there", () => {
  const store = new KvStore();
  expect(store.apply({ type: "append", key: "k", element: "a" })).toEqual({ type: "ok", value: "a" });
  store.apply({ type: "append", key: "k", element: "b" });
  expect(store.get("k")).toEqual(["a", "b"]);
});

test("incr counts from 0, and answers the new number", () => {
  const store = new KvStore();
  expect(store.apply({ type: "incr", key: "k", by: 2 })).toEqual({ type: "ok", value: 2 });
  expect(store.apply({ type: "incr", key: "k", by: -5 })).toEqual({ type: "ok", value: -3 });
});

test("a value of another type is refused, and stays", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "text", value: "t" });
  expect(store.apply({ type: "append", key: "text", element: 1 })).toEqual({ type: "wrong-type", found: "t" });
  expect(store.apply({ type: "incr", key: "text", by: 1 })).toEqual({ type: "wrong-type", found: "t" });
  expect(store.apply(txn(["w", "other", 1], ["append", "text", 1]))).toEqual({ type: "wrong-type", found: "t" });
  expect([store.get("text"), store.get("other")]).toEqual(["t", null]);
});

test("a transaction sees its own steps, and answers with its reads filled in", () => {
  const store = new KvStore();
  store.apply({ type: "append", key: "list", element: 1 });
  const steps = txn(
    ["r", "list", null],
    ["append", "list", 2],
    ["r", "list", null],
    ["w", "x", 5],
    ["cas", "x", [5, 6]],
  );
  expect(store.apply(steps)).toEqual({
    type: "ok",
    value: [
      ["r", "list", [1]],
      ["append", "list", 2],
      ["r", "list", [1, 2]],
      ["w", "x", 5],
      ["cas", "x", [5, 6]],
    ],
  });
  expect([store.get("list"), store.get("x")]).toEqual([[1, 2], 6]);
});

test("a transaction can make a key absent, also to itself", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "x", value: 1 });
  expect(store.apply(txn(["w", "x", null], ["r", "x", null]))).toMatchObject({
    value: [
      ["w", "x", null],
      ["r", "x", null],
    ],
  });
  expect(store.get("x")).toBeNull();
});

test("one compare in a transaction that does not hold undoes all of it", () => {
  const store = new KvStore();
  expect(store.apply(txn(["w", "x", 1], ["append", "l", 1], ["cas", "x", [2, 3]]))).toEqual({
    type: "cas-mismatch",
    found: 1,
  });
  expect([store.get("x"), store.get("l")]).toEqual([null, null]);
});

const key = fc.constantFrom("a", "b");
const value = fc.oneof(fc.nat(2), fc.constant(null));
const command: fc.Arbitrary<KvCommand> = fc.oneof(
  fc.record({ type: fc.constant("put" as const), key, value }),
  fc.record({ type: fc.constant("cas" as const), key, expected: value, value }),
  fc.record({ type: fc.constant("delete" as const), key }),
  fc.record({ type: fc.constant("append" as const), key, element: value }),
  fc.record({ type: fc.constant("incr" as const), key, by: fc.nat(2) }),
);

test("the same commands give the same results and state everywhere (§2.1)", () => {
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const [one, other] = [new KvStore(), new KvStore()];
      const results = commands.map((each) => one.apply(each));
      expect(commands.map((each) => other.apply(structuredClone(each)))).toEqual(results);
      expect(["a", "b"].map((k) => one.get(k))).toEqual(["a", "b"].map((k) => other.get(k)));
    }),
  );
});

test("a transaction is its steps one after another, or nothing", () => {
  const stepOf = (each: KvCommand): KvMicroOp[] => {
    if (each.type === "put") return [["w", each.key, each.value]];
    if (each.type === "cas") return [["cas", each.key, [each.expected, each.value]]];
    return each.type === "append" ? [["append", each.key, each.element]] : [];
  };
  fc.assert(
    fc.property(fc.array(command), fc.array(command, { maxLength: 4 }), (before, commands) => {
      const steps = commands.filter((each) => stepOf(each).length > 0);
      const [whole, stepwise, untouched] = [new KvStore(), new KvStore(), new KvStore()];
      for (const each of before) for (const store of [whole, stepwise, untouched]) store.apply(each);
      const outcome = whole.apply(txn(...steps.flatMap(stepOf))).type;
      const outcomes = steps.map((each) => stepwise.apply(each).type);
      expect(outcome).toBe(outcomes.find((each) => each !== "ok") ?? "ok");
      const expected = outcome === "ok" ? stepwise : untouched;
      expect(["a", "b"].map((k) => whole.get(k))).toEqual(["a", "b"].map((k) => expected.get(k)));
    }),
  );
});

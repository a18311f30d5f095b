import fc from "fast-check";
import { expect, test } from "vitest";
import type { KvCommand, KvMicroOp } from "./commands.ts";
import { KvStore } from "./store.ts";
import { keys, kvCommand, logCommand } from "./test-commands.ts";

const txn = (...steps: KvMicroOp[]): KvCommand => ({ type: "txn", steps });

test("put, get, delete, and an absent key reads as null", () => {
  const store = new KvStore();
  expect(store.get("k")).toBeNull();
  store.apply({ type: "put", key: "k", value: [1, { a: null }] });
  expect(store.get("k")).toEqual([1, { a: null }]);
  expect(store.apply({ type: "delete", key: "k" })).toEqual({ type: "ok", value: null });
  expect(store.get("k")).toBeNull();
});

test("cas writes when the value is the expected one", () => {
  const store = new KvStore();
  expect(store.apply({ type: "cas", key: "k", expected: null, value: 1 })).toEqual({ type: "ok", value: null });
  expect(store.apply({ type: "cas", key: "k", expected: 2, value: 3 })).toEqual({ type: "cas-mismatch" });
  expect(store.get("k")).toBe(1);
});

test("append makes a list of an absent key, and lengthens one that is there", () => {
  const store = new KvStore();
  expect(store.apply({ type: "append", key: "k", element: "a" })).toEqual({ type: "ok", value: null });
  store.apply({ type: "append", key: "k", element: "b" });
  expect(store.get("k")).toEqual(["a", "b"]);
});

test("incr counts from 0, and answers the new number", () => {
  const store = new KvStore();
  expect(store.apply({ type: "incr", key: "k", by: 2 })).toEqual({ type: "ok", value: 2 });
  expect(store.apply({ type: "incr", key: "k", by: -5 })).toEqual({ type: "ok", value: -3 });
});

test("SET x=1, SET x=2, INC x gives 3", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "x", value: 1 });
  store.apply({ type: "put", key: "x", value: 2 });
  expect(store.apply({ type: "incr", key: "x", by: 1 })).toEqual({ type: "ok", value: 3 });
  expect(store.get("x")).toBe(3);
});

test("a sum that no number can hold is refused", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "k", value: Number.MAX_VALUE });
  expect(store.apply({ type: "incr", key: "k", by: Number.MAX_VALUE })).toEqual({ type: "wrong-type" });
  expect(store.get("k")).toBe(Number.MAX_VALUE);
});

test("a list that was read stays what it was, and so does one whose transaction came to nothing", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "k", value: [1] });
  const before = store.get("k");
  expect(store.apply(txn(["append", "k", "undone"], ["cas", "k", [null, 1]]))).toEqual({ type: "cas-mismatch" });
  store.apply({ type: "append", key: "k", element: 2 });
  const between = store.get("k");
  store.apply({ type: "append", key: "k", element: 3 });
  expect([before, between, store.get("k")]).toEqual([[1], [1, 2], [1, 2, 3]]);
});

test("a key holds, and a transaction reads, so many bytes of JSON and no more", () => {
  const store = new KvStore({ maxSessions: 1, maxValueBytes: 8 });
  const tooLarge = { type: "too-large", limitBytes: 8 };
  expect(store.apply({ type: "put", key: "k", value: "123456" })).toMatchObject({ type: "ok" });
  for (const value of ["1234567", "\u20ac\u20ac\u20ac", "\0\0", [1, 22, 33]]) {
    expect(store.apply({ type: "put", key: "k", value }), JSON.stringify(value)).toEqual(tooLarge);
  }
  expect(store.apply({ type: "cas", key: "k", expected: "123456", value: "1234567" })).toEqual(tooLarge);
  expect(store.apply({ type: "put", key: "list", value: [1, 22] })).toMatchObject({ type: "ok" });
  expect(store.apply({ type: "append", key: "list", element: 3 })).toMatchObject({ type: "ok" });
  expect(store.apply({ type: "append", key: "list", element: 4 })).toEqual(tooLarge);
  expect(store.apply(txn(["r", "list", null], ["w", "k", 1], ["r", "k", null]))).toEqual(tooLarge);
  expect(store.apply(txn(["append", "other", "1234"]))).toMatchObject({ type: "ok" });
  expect(["k", "list", "other"].map((key) => store.get(key))).toEqual(["123456", [1, 22, 3], ["1234"]]);
});

test("a value of another type is refused, and stays", () => {
  const store = new KvStore();
  store.apply({ type: "put", key: "text", value: "t" });
  expect(store.apply({ type: "append", key: "text", element: 1 })).toEqual({ type: "wrong-type" });
  expect(store.apply({ type: "incr", key: "text", by: 1 })).toEqual({ type: "wrong-type" });
  expect(store.apply(txn(["w", "other", 1], ["append", "text", 1]))).toEqual({ type: "wrong-type" });
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
  expect(store.apply(txn(["w", "x", 1], ["append", "l", 1], ["cas", "x", [2, 3]]))).toEqual({ type: "cas-mismatch" });
  expect([store.get("x"), store.get("l")]).toEqual([null, null]);
});

test("the same commands give the same results and state everywhere (§2.1)", () => {
  fc.assert(
    fc.property(fc.array(logCommand), (commands) => {
      const [one, other] = [new KvStore(), new KvStore()];
      const results = commands.map((each) => one.apply(each));
      expect(commands.map((each) => other.apply(structuredClone(each)))).toEqual(results);
      expect(keys.map((k) => one.get(k))).toEqual(keys.map((k) => other.get(k)));
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
    fc.property(fc.array(kvCommand), fc.array(kvCommand, { maxLength: 4 }), (before, commands) => {
      const steps = commands.filter((each) => stepOf(each).length > 0);
      const [whole, stepwise, untouched] = [new KvStore(), new KvStore(), new KvStore()];
      for (const each of before) for (const store of [whole, stepwise, untouched]) store.apply(each);
      const outcome = whole.apply(txn(...steps.flatMap(stepOf))).type;
      const outcomes = steps.map((each) => stepwise.apply(each).type);
      expect(outcome).toBe(outcomes.find((each) => each !== "ok") ?? "ok");
      const expected = outcome === "ok" ? stepwise : untouched;
      expect(keys.map((k) => whole.get(k))).toEqual(keys.map((k) => expected.get(k)));
    }),
  );
});

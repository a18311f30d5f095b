import fc from "fast-check";
import { expect, test } from "vitest";
import { type Json, KvStore, sameJson } from "./store.ts";

test("put, get, and an absent key reads as null", () => {
  const store = new KvStore();
  expect(store.get("k")).toBeNull();
  store.apply({ type: "put", key: "k", value: [1, { a: null }] });
  expect(store.get("k")).toEqual([1, { a: null }]);
});

test("cas writes when the value is the expected one, and says what it found when not", () => {
  const store = new KvStore();
  expect(store.apply({ type: "cas", key: "k", expected: null, value: 1 })).toEqual({ type: "ok" });
  expect(store.apply({ type: "cas", key: "k", expected: 2, value: 3 })).toEqual({ type: "cas-mismatch", found: 1 });
  expect(store.get("k")).toBe(1);
});

test("the same commands give the same results and state everywhere (§2.1)", () => {
  const key = fc.constantFrom("a", "b");
  const value = fc.nat(2);
  const command = fc.oneof(
    fc.record({ type: fc.constant("put" as const), key, value }),
    fc.record({ type: fc.constant("cas" as const), key, expected: value, value }),
  );
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const [one, other] = [new KvStore(), new KvStore()];
      const results = commands.map((each) => one.apply(each));
      expect(commands.map((each) => other.apply(structuredClone(each)))).toEqual(results);
      expect(["a", "b"].map((k) => one.get(k))).toEqual(["a", "b"].map((k) => other.get(k)));
    }),
  );
});

test("values are compared as JSON: the order of keys does not matter, everything else does", () => {
  expect(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(sameJson({ a: null }, { b: null })).toBe(false);
  expect(sameJson([], {})).toBe(false);
  expect(sameJson(1, "1")).toBe(false);
  fc.assert(fc.property(fc.jsonValue(), (value) => sameJson(value as Json, structuredClone(value) as Json)));
});

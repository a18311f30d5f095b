import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "./canonical.ts";

test("objects that differ in the order of their names alone have one JSON", () => {
  const texts = ['{"v":1,"rev":5}', '{"rev":5,"v":1}'].map((text) => JSON.stringify(canonical(JSON.parse(text))));
  expect(texts).toEqual(['{"rev":5,"v":1}', '{"rev":5,"v":1}']);
  expect(JSON.stringify(canonical([[{ b: [{ z: 1, a: 2 }], a: 1 }]]))).toBe('[[{"a":1,"b":[{"a":2,"z":1}]}]]');
});

test("what is in order is not copied, and a name such as __proto__ is one like any other", () => {
  const value = { a: [1, { b: null }], c: "x" };
  expect(canonical(value)).toBe(value);
  const strange: unknown = JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}');
  expect(JSON.stringify(canonical(strange))).toBe('{"__proto__":{"c":2,"d":1},"b":1}');
});

const seed = Number(process.env["KEELHAUL_SEED"] ?? Date.now() % 1_000_000);

test("the order of names never matters, that of lists always does", () => {
  const reversed = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(reversed);
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, held]) => [name, reversed(held)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(value)).toEqual(value);
      expect(JSON.stringify(canonical(reversed(value)))).toBe(JSON.stringify(canonical(value)));
    }),
    { seed, numRuns: 3000 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "./commands.ts";
import { sameJson } from "./same-json.ts";

test("values are compared as JSON: the order of keys does not matter, everything else does", () => {
  expect(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(sameJson({ a: null }, { b: null })).toBe(false);
  expect(sameJson([], {})).toBe(false);
  expect(sameJson(1, "1")).toBe(false);
  fc.assert(fc.property(fc.jsonValue(), (value) => sameJson(value as Json, structuredClone(value) as Json)));
});

import { expect, test } from "vitest";
import { quote } from "./quote.ts";

const circle: { self?: unknown } = {};
circle.self = circle;

test.each([
  ["two\nlines", '"two\\nlines"'],
  [Number.NaN, "NaN"],
  [undefined, "undefined"],
  [12n, "12n"],
  [() => 1, "function"],
  [{ a: [1] }, '{"a":[1]}'],
  ["x".repeat(300), `"${"x".repeat(99)}…`],
])("case %# is shown on one line", (value, shown) => {
  expect(quote(value)).toBe(shown);
});

test("what holds itself can be shown", () => {
  expect(quote(circle)).toContain("Circular");
});

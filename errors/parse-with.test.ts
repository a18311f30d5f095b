import { expect, test } from "vitest";
import { z } from "zod";
import { parseWith } from "./parse-with.ts";

const schema = z.strictObject({
  count: z.number().int().min(3).max(9).optional(),
  above: z.number().gt(0).lt(1).optional(),
  name: z.string().min(2).max(4).optional(),
  kind: z.enum(["simple", "twofold"]).optional(),
  only: z.literal("one").optional(),
  list: z.array(z.boolean()).min(1).max(2).optional(),
  inner: z.strictObject({ atMs: z.number() }).optional(),
});

test.each([
  [{ count: "3" }, ["count"], 'got "3"; expected a number'],
  [{ count: 3.5 }, ["count"], "got 3.5; expected a whole number"],
  [{ count: 2 }, ["count"], "got 2; expected a number from 3 up"],
  [{ count: 10 }, ["count"], "got 10; expected a number up to 9"],
  [{ above: 0 }, ["above"], "got 0; expected a number above 0"],
  [{ above: 1 }, ["above"], "got 1; expected a number below 1"],
  [{ name: "x" }, ["name"], 'got "x"; expected at least 2 characters'],
  [{ name: "xxxxx" }, ["name"], 'got "xxxxx"; expected at most 4 characters'],
  [{ kind: "twofol" }, ["kind"], 'got "twofol"; did you mean "twofold"? Expected one of simple, twofold'],
  [{ kind: 4 }, ["kind"], "got 4; expected one of simple, twofold"],
  [{ only: "x" }, ["only"], 'got "x"; expected one'],
  [{ list: [] }, ["list"], "got []; expected a list of at least 1"],
  [{ list: [true, "no"] }, ["list", 1], 'got "no"; expected true or false'],
  [{ inner: {} }, ["inner", "atMs"], "is missing; expected a number"],
  [{ inner: { at: 1 } }, ["inner", "at"], 'no such thing; did you mean "atMs"?'],
  [{ colour: 1 }, ["colour"], "no such thing; known are count, above, name, kind, only, list, inner"],
  [7, [], "got 7; expected an object"],
])("of %j it says where, what was found and what was expected", (value, path, problem) => {
  expect(parseWith(schema, value, "thing").objection).toEqual({ path, problem });
});

test("what fits is handed on as the schema makes it", () => {
  expect(parseWith(z.string().transform(Number), "7")).toEqual({ data: 7 });
});

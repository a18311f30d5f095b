import { expect, test } from "vitest";
import { scriptSafeJson } from "./page.ts";

test("no data can end the script element that it is in", () => {
  const nasty = { value: "</script><script>alert(1)</script><!-- \u2028 $& $1" };
  const json = scriptSafeJson(nasty);
  expect(json).not.toContain("<");
  expect(JSON.parse(json)).toEqual(nasty);
});

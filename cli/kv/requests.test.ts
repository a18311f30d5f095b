import { expect, test } from "vitest";
import * as requests from "./requests.ts";

test("keys and members are encoded, and JSON is sent as it was typed", () => {
  expect(requests.get("a/b c", "local")).toEqual({ method: "GET", path: "/kv/a%2Fb%20c?read=local" });
  expect(requests.put("x", "12345678901234567890")).toMatchObject({ body: "12345678901234567890" });
  expect(requests.cas("x", "null", '"a"')).toEqual({
    ...{ method: "POST", path: "/kv/x/cas" },
    body: '{"expected":null,"value":"a"}',
  });
  expect(requests.incr("x").body).toBe('{"by":1}');
  expect(requests.addMember("n4").body).toBe('{"id":"n4","role":"learner"}');
  expect(requests.removeMember("n/4").path).toBe("/members/n%2F4");
});

test("an operand that is no JSON, and an empty key, are refused with what was expected", () => {
  expect(() => requests.put("x", "y")).toThrow('value: got "y"; expected JSON, such as 1, \'"text"\'');
  expect(() => requests.cas("x", "a", "1")).toThrow('expected: got "a"');
  expect(() => requests.get("", undefined)).toThrow("key: got an empty one");
});

import { expect, test } from "vitest";
import { messageOf } from "./errors.ts";

test("an error during whose handling another one happened is told with that one, in their order", async () => {
  const ended = async (): Promise<void> => {
    await using _first = { [Symbol.asyncDispose]: () => Promise.reject(new Error("the rule stays")) };
    await using _second = { [Symbol.asyncDispose]: () => Promise.reject(new Error("the connection is lost")) };
    throw new Error("the agent is gone");
  };
  const error: unknown = await ended().catch((thrown: unknown) => thrown);
  expect(messageOf(error)).toBe("the agent is gone; the connection is lost; the rule stays");
});

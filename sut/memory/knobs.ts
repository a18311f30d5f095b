import { z } from "zod";
import { expected, number, share } from "../../errors/schemas.ts";
import { expectedName } from "../../errors/suggest.ts";
import { type Bug, bugs } from "./bugs.ts";

/** Names by comma; `none` for none. */
const bugNames = z.string(expected("the names of bugs by comma, or none")).superRefine((text, context) => {
  const names = bugs.map(({ name }) => name);
  const unknown = namesIn(text).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const message = expectedName(unknown, names, `none, or some of ${names.join(", ")}`);
  context.addIssue({ code: "custom", message });
});

/** The in-process store's own options. Unknown names are refused. */
export const knobsSchema = z.strictObject({
  bug: bugNames.default("none").describe("what is wrong with the store: bugs by comma, or none"),
  delayMs: number("milliseconds from 0 to 100", (delayMs) => delayMs >= 0 && delayMs <= 100)
    .default(2)
    .describe("longest time that a request or an answer travels"),
  lost: share(0.01).default(0).describe("share of requests that are lost, or whose answer is lost"),
});

/** The bugs that the text of the knob names. */
export function bugsOf(text: string): readonly Bug[] {
  return bugs.filter(({ name }) => namesIn(text).includes(name));
}

function namesIn(text: string): readonly string[] {
  return text === "none" ? [] : text.split(",").map((name) => name.trim());
}

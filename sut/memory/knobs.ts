import { z } from "zod";
import { type Bug, bugs } from "./bugs.ts";

/** Names by comma; `none` for none. */
const bugNames = z.string().refine((text) => namesIn(text).every((name) => bugs.some((bug) => bug.name === name)), {
  error: `expected none, or some of ${bugs.map(({ name }) => name).join(", ")}`,
});

/** The in-process store's own options. Unknown names are refused. */
export const knobsSchema = z.strictObject({
  bug: bugNames.default("none").describe("what is wrong with the store: bugs by comma, or none"),
  delayMs: z.coerce.number().min(0).max(100).default(2).describe("longest time that a request or an answer travels"),
  lost: z.coerce.number().min(0).max(1).default(0).describe("part of the requests that are lost, or whose answer is"),
});

/** The bugs that the text of the knob names. */
export function bugsOf(text: string): readonly Bug[] {
  return bugs.filter(({ name }) => namesIn(text).includes(name));
}

function namesIn(text: string): readonly string[] {
  return text === "none" ? [] : text.split(",").map((name) => name.trim());
}

import { z } from "zod";
import { OptionError } from "../../errors/errors.ts";
import { unknownKey } from "../../errors/parse-with.ts";
import { quote } from "../../errors/quote.ts";
import { expected } from "../../errors/schemas.ts";
import type { Timing } from "../../nemesis/schedule.ts";
import { nodesTarget } from "../../nemesis/targets.ts";
import { exactDuration } from "./duration.ts";
import { duration } from "./option-schemas.ts";

/** A fault as a plan names it: `kill`, `partition:one-way`, `pause:followers`, `clock:jump:n2`. */
export interface NamedFault {
  readonly name: string;
  /** A variant, a target, or both. */
  readonly variant?: string;
}

/** One word of `--nemesis`: `kill`, `partition:leader@5s/10s` or `partition:bridge+kill:restart`. */
export interface NemesisWord {
  /** The first, and what happens while it lasts. */
  readonly together: readonly NamedFault[];
  readonly timing?: Timing;
}

const example = "partition:leader@5s/10s";

/** Takes a word apart; what it names is looked up elsewhere. Throws an OptionError where its form is wrong. */
export function parseNemesisWord(word: string): NemesisWord {
  const [first, ...others] = word.split("+") as [string, ...string[]];
  const [named, ...timing] = first.split("@") as [string, ...string[]];
  const timed = others.find((other) => other.includes("@"));
  if (timed !== undefined) {
    throw wrong(word, `@ only after the first of several faults that happen together, such as ${example}+kill:restart`);
  }
  const together = [named, ...others].map(namedFault);
  if (timing.length === 0) return { together };
  if (named === "all" || named === "none") throw wrong(word, `the name of a fault before @, such as ${example}`);
  return { together, timing: parseTiming(word, timing.join("@")) };
}

function namedFault(text: string): NamedFault {
  const [, name, variant] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [undefined, text];
  return { name: name ?? text, ...(variant === undefined ? {} : { variant }) };
}

/** `INTERVAL`, `INTERVAL/DURATION` or `/DURATION`. */
function parseTiming(word: string, text: string): Timing {
  const [interval, lasting, ...more] = text.split("/") as [string, ...string[]];
  const intervalMs = interval === "" && lasting !== undefined ? undefined : wholeMs(interval);
  const durationMs = lasting === undefined ? undefined : wholeMs(lasting);
  if (more.length > 0 || intervalMs === null || durationMs === null) {
    throw wrong(word, `an interval and a duration after @, such as ${example}, @5s or @/10s`);
  }
  return {
    ...(intervalMs === undefined ? {} : { intervalMs }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** Null where the text is no duration of whole milliseconds. */
function wholeMs(text: string): number | null {
  const parsed = timingMs.safeParse(text);
  return parsed.success ? parsed.data : null;
}

function wrong(word: string, what: string): OptionError {
  return new OptionError(["nemesis"], `got ${quote(word)}; expected ${what}`);
}

const timingMs = duration.refine(Number.isInteger, expected("a duration of whole milliseconds such as 30s or 1500ms"));

const text = (what: string) => z.string(expected(what)).regex(/^[\w.-]+$/, expected(what));

const fields = {
  fault: text("a fault's name such as partition"),
  variant: text("a variant's name such as one-way").optional(),
  target: z
    .union(
      [z.string(), z.array(z.string()).transform(nodesTarget)],
      expected("leader, followers, or nodes such as [n1, n3]"),
    )
    .optional(),
  interval: timingMs.optional(),
  duration: timingMs.optional(),
};
const fieldNames = Object.keys(fields);
const faultExample = "a fault such as partition:leader@5s/10s, or its fields such as {fault: kill, target: n2}";

const fieldsSchema = z.strictObject(fields, {
  error: (issue) =>
    issue.code === "unrecognized_keys" && "keys" in issue
      ? unknownKey(String((issue.keys as readonly string[])[0]), fieldNames, "field of a fault")
      : `expected ${faultExample}`,
});

/** A fault of a plan by its fields, as files and programs give it. */
type FaultFields = z.input<typeof fieldsSchema>;

/** Words of `--nemesis`, as a list or separated by commas; a fault by its fields becomes such a word. */
export const nemesisWords = (what: string) =>
  z.custom<string | readonly (string | FaultFields)[]>().transform((value, context): readonly string[] => {
    const items: readonly unknown[] = typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [];
    const words = items.map((item, place) =>
      typeof item === "string" ? item.trim() : wordOfFields(item, place, context),
    );
    if (words.length > 0 && words.every((word) => word !== "")) return words;
    context.addIssue({ code: "custom", message: `expected ${what}` });
    return z.NEVER;
  });

function wordOfFields(item: unknown, place: number, context: z.core.$RefinementCtx): string {
  const parsed = fieldsSchema.safeParse(item);
  if (parsed.success) return wordOf(parsed.data);
  for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: [place, ...issue.path] });
  return z.NEVER;
}

function wordOf({ fault, variant, target, interval, duration: lasting }: z.output<typeof fieldsSchema>): string {
  const every = interval === undefined ? "" : exactDuration(interval);
  const timing = lasting === undefined ? every : `${every}/${exactDuration(lasting)}`;
  const named = [fault, variant, target].filter((part) => part !== undefined).join(":");
  return timing === "" ? named : `${named}@${timing}`;
}

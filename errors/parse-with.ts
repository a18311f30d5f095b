import type { z } from "zod";
import { quote } from "./quote.ts";
import { closest } from "./suggest.ts";

/** What a schema objects to first: where in the value, and the problem as a sentence. */
export interface Objection {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

/**
 * Checks a value against a schema. Where the schema has no words of its own for a problem, ours are used: those of the
 * schema library are meant for its programmers. `what` is what the keys of the schema's objects are called.
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what = "field",
): { readonly data: z.output<Schema>; readonly objection?: undefined } | { readonly objection: Objection } {
  const parsed = schema.safeParse(value, { error: (issue) => wordsFor(issue, what) });
  return parsed.success ? { data: parsed.data } : { objection: objectionOf(mostTelling(parsed.error.issues), value) };
}

/** A misspelled key explains why another one is missing. */
function mostTelling(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  return issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
}

function objectionOf(issue: z.core.$ZodIssue, whole: unknown): Objection {
  if (issue.code === "unrecognized_keys") return { path: [...issue.path, issue.keys[0]!], problem: issue.message };
  const value = valueAt(whole, issue.path);
  const names = issue.code === "invalid_value" ? issue.values.filter((name) => typeof name === "string") : [];
  const meant = typeof value === "string" ? closest(value, names) : null;
  const found = value === undefined && issue.path.length > 0 ? "is missing" : `got ${quote(value)}`;
  const problem =
    meant === null
      ? `${found}; ${issue.message}`
      : `${found}; did you mean ${quote(meant)}? ${capitalized(issue.message)}`;
  return { path: issue.path, problem };
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[part],
    whole,
  );
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

const kinds: Readonly<Record<string, string>> = {
  ...{ string: "text", number: "a number", int: "a whole number", boolean: "true or false" },
  ...{ array: "a list", tuple: "a list", object: "an object", record: "an object" },
};

function wordsFor(issue: z.core.$ZodRawIssue, what: string): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${kinds[issue.expected] ?? issue.expected}`;
    case "too_small":
      return `expected ${atLeast(issue.minimum, issue.origin, issue.inclusive !== false)}`;
    case "too_big":
      return `expected ${atMost(issue.maximum, issue.origin, issue.inclusive !== false)}`;
    case "invalid_value":
      return `expected ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return unknownKey(issue.keys[0]!, keysOf(issue.inst), what);
    default:
      return "expected something else";
  }
}

function atLeast(least: number | bigint, origin: string, inclusive: boolean): string {
  if (origin === "array") return `a list of at least ${least}`;
  if (origin === "string") return `at least ${least} ${least === 1 ? "character" : "characters"}`;
  return inclusive ? `a number from ${least} up` : `a number above ${least}`;
}

function atMost(most: number | bigint, origin: string, inclusive: boolean): string {
  if (origin === "array") return `a list of at most ${most}`;
  if (origin === "string") return `at most ${most} characters`;
  return inclusive ? `a number up to ${most}` : `a number below ${most}`;
}

/** For a key that an object does not have, here and where keys are looked up by hand. */
export function unknownKey(key: string, known: readonly string[], what: string): string {
  const meant = closest(key, known);
  return `no such ${what}; ${meant === null ? `known are ${known.join(", ")}` : `did you mean ${quote(meant)}?`}`;
}

/** The names that the schema of an object knows. */
function keysOf(schema: unknown): readonly string[] {
  const shape = (schema as { readonly shape?: unknown } | undefined)?.shape;
  return typeof shape === "object" && shape !== null ? Object.keys(shape) : [];
}

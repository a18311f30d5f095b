import { z } from "zod";
import { consistencyNames, modelsNamed } from "../../analysis/transactions/models.ts";
import { expected } from "../../errors/schemas.ts";
import { expectedName } from "../../errors/suggest.ts";
import { parseDurationMs } from "./duration.ts";

/** Names of a registry, as messages and help list them. */
export const namesOf = (registry: readonly { readonly name: string }[]): string =>
  registry.map(({ name }) => name).join(", ");

export const oneOf = (registry: readonly { readonly name: string }[]) =>
  z.enum(registry.map(({ name }) => name) as [string, ...string[]], expected(`one of ${namesOf(registry)}`));

const durationExamples = "a duration such as 30s, 5m or 1h30m";
/** Longer than anybody waits, and short enough for every timer. */
const longestMs = 7 * 24 * 3_600_000;

/** Milliseconds, or a duration as people write it. */
export const duration = z.union([z.number(), z.string()], expected(durationExamples)).transform((value, context) => {
  const durationMs = typeof value === "number" ? value : parseDurationMs(value);
  if (durationMs !== null && durationMs > 0 && durationMs <= longestMs) return durationMs;
  const tooLong = durationMs !== null && durationMs > longestMs;
  context.addIssue({ code: "custom", message: `expected ${tooLong ? "at most 168h" : durationExamples}` });
  return z.NEVER;
});

/** A list, or its items separated by commas. */
export const list = (what: string) =>
  z
    .union(
      [z.string().transform((text) => text.split(",").map((part) => part.trim())), z.array(z.string())],
      expected(what),
    )
    .refine((parts) => parts.length > 0 && parts.every((part) => part !== ""), expected(what));

const clients = expected("a whole number of clients, or a multiple of the nodes such as 2n");
export const concurrency = z.union([z.number(), z.string().regex(/^\d+n?$/, clients)], clients).transform(String);

/** A folder of its own in the store: neither the store itself, nor its link to the newest run. */
export const runName = z
  .string(expected("a name"))
  .regex(/^(?!\.+$|latest$)[\w.-]+$/, expected("letters, digits, dots, dashes and underscores, and not `latest`"));

const someModels = `some of ${consistencyNames.join(", ")}`;

/** Consistency models by any of their names, as a list or separated by commas. */
export const consistency = z
  .union([z.string(), z.array(z.string()).transform((names) => names.join(","))], expected(someModels))
  .transform((text, context) => {
    const named = modelsNamed(text);
    if ("models" in named) return named.models;
    context.addIssue({ code: "custom", message: expectedName(named.unknown, consistencyNames, someModels) });
    return z.NEVER;
  });

import { z } from "zod";
import { modelNames } from "../../analysis/transactions/models.ts";
import { UsageError } from "../../errors/errors.ts";
import { backends } from "../../hosts/registry.ts";
import { faults } from "../../nemesis/registry.ts";
import { systems } from "../../sut/registry.ts";
import { workloads } from "../../workloads/registry.ts";
import { parseDurationMs } from "./duration.ts";
import { defaultMinLoadShare } from "./min-load.ts";
import { scheduleEntrySchema } from "./schedule/entry.ts";

/** Names of a registry, as messages and help list them. */
export const namesOf = (registry: readonly { readonly name: string }[]): string =>
  registry.map(({ name }) => name).join(", ");
const expected = (what: string) => ({ error: () => `expected ${what}` });

const duration = z
  .union([z.number(), z.string()], expected("a duration such as 30s, 5m or 1h30m"))
  .transform((value, context) => {
    const durationMs = typeof value === "number" ? value : parseDurationMs(value);
    if (durationMs !== null && durationMs > 0) return durationMs;
    context.addIssue({ code: "custom", message: "expected a duration such as 30s, 5m or 1h30m" });
    return z.NEVER;
  });

const list = (what: string) =>
  z
    .union(
      [z.string().transform((text) => text.split(",").map((part) => part.trim())), z.array(z.string())],
      expected(what),
    )
    .refine((parts) => parts.length > 0 && parts.every((part) => part !== ""), { error: () => `expected ${what}` });

const wholeNumber = (low: number, high: number) =>
  z.coerce
    .number(expected(`a whole number from ${low} to ${high}`))
    .int(expected(`a whole number from ${low} to ${high}`))
    .min(low, expected(`a whole number from ${low} to ${high}`))
    .max(high, expected(`a whole number from ${low} to ${high}`));

const share = z.coerce
  .number(expected("a share from 0 to 1 such as 0.95"))
  .min(0, expected("a share from 0 to 1 such as 0.95"))
  .max(1, expected("a share from 0 to 1 such as 0.95"));

const concurrency = z
  .union([z.number(), z.string().regex(/^\d+n?$/)], expected("a whole number, or a multiple of the nodes such as 2n"))
  .transform(String);

/** Options of a test, from the command line, `keelhaul.yaml` or a program; each with its default. */
export const planSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/, expected("letters, digits, dots, dashes and underscores"))
    .optional(),
  backend: z
    .enum(backends.map(({ name }) => name) as [string, ...string[]], expected(`one of ${namesOf(backends)}`))
    .optional(),
  system: z
    .enum(systems.map(({ name }) => name) as [string, ...string[]], expected(`one of ${namesOf(systems)}`))
    .default("raft"),
  nodes: wholeNumber(1, 15).default(5),
  workload: list(`one of ${namesOf(workloads)}`).default(["register"]),
  nemesis: list(`all, none, or some of ${namesOf(faults)}, each with or without a :variant`).optional(),
  readMode: z.string().optional(),
  mutant: z.string(expected("a mutant's id such as M24")).optional(),
  world: z.record(z.string(), z.unknown(), expected("settings of the simulated world")).optional(),
  invariants: z.boolean(expected("true or false")).default(true),
  timeLimit: duration.default(60_000),
  rate: z.coerce
    .number(expected("operations a second, 0 for as fast as possible"))
    .min(0, expected("operations a second, 0 for as fast as possible"))
    .default(200),
  concurrency: concurrency.default("4n"),
  seed: wholeNumber(0, 2 ** 31 - 1).optional(),
  set: z.record(z.string(), z.unknown(), expected("name=value")).default({}),
  schedule: z
    .strictObject({ faults: z.array(scheduleEntrySchema, expected("a list of faults")), file: z.string().optional() })
    .optional(),
  minLoad: share.default(defaultMinLoadShare),
  minAnswered: share.optional(),
  maxRecovery: duration.optional(),
  minChangesMade: share.optional(),
  maxElections: z.coerce
    .number(expected("elections a fault, such as 0.5"))
    .min(0, expected("elections a fault, such as 0.5"))
    .optional(),
  consistency: z.enum(modelNames, expected(`one of ${modelNames.join(", ")}`)).optional(),
  failFast: z.boolean(expected("true or false")).default(false),
  store: z.string().default("store"),
});
export type PlanOptions = z.input<typeof planSchema>;

/** Options with their defaults filled in. Throws a UsageError that names the option, its value and what was expected. */
export function parseOptions(options: unknown): z.output<typeof planSchema> {
  const parsed = planSchema.safeParse(options);
  if (!parsed.success) throw new UsageError(describeIssue(parsed.error, options));
  return parsed.data;
}

function describeIssue(error: z.ZodError, options: unknown): string {
  const issue = error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    return `unknown option ${quote(issue.keys[0])}; known are ${Object.keys(planSchema.shape).join(", ")}`;
  }
  return `${optionName(issue.path)}: got ${quote(valueAt(options, issue.path))}; ${issue.message}`;
}

/** `timeLimit` as the command line spells it. */
function optionName(path: readonly PropertyKey[]): string {
  const [option, ...rest] = path.map(String);
  return [`--${(option ?? "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, ...rest].join(".");
}

/** What a schema objected to, by the path that it tells. */
export function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown>)?.[part], whole);
}

/** A value as error messages show it. */
export function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

import { z } from "zod";
import { consistencyNames, modelsNamed } from "../../analysis/transactions/models.ts";
import { OptionError, UsageError } from "../../errors/errors.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { expected, expectedObject, flag, number, share, wholeNumber } from "../../errors/schemas.ts";
import { expectedName } from "../../errors/suggest.ts";
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

const oneOf = (registry: readonly { readonly name: string }[]) =>
  z.enum(registry.map(({ name }) => name) as [string, ...string[]], expected(`one of ${namesOf(registry)}`));

const durationExamples = "a duration such as 30s, 5m or 1h30m";
/** Longer than anybody waits, and short enough for every timer. */
const longestMs = 7 * 24 * 3_600_000;
const duration = z.union([z.number(), z.string()], expected(durationExamples)).transform((value, context) => {
  const durationMs = typeof value === "number" ? value : parseDurationMs(value);
  if (durationMs !== null && durationMs > 0 && durationMs <= longestMs) return durationMs;
  const tooLong = durationMs !== null && durationMs > longestMs;
  context.addIssue({ code: "custom", message: `expected ${tooLong ? "at most 168h" : durationExamples}` });
  return z.NEVER;
});

const list = (what: string) =>
  z
    .union(
      [z.string().transform((text) => text.split(",").map((part) => part.trim())), z.array(z.string())],
      expected(what),
    )
    .refine((parts) => parts.length > 0 && parts.every((part) => part !== ""), expected(what));

const clients = expected("a whole number of clients, or a multiple of the nodes such as 2n");
const concurrency = z.union([z.number(), z.string().regex(/^\d+n?$/, clients)], clients).transform(String);

/** A folder of its own in the store: neither the store itself, nor its link to the newest run. */
const name = z
  .string(expected("a name"))
  .regex(/^(?!\.+$|latest$)[\w.-]+$/, expected("letters, digits, dots, dashes and underscores, and not `latest`"));

const someModels = `some of ${consistencyNames.join(", ")}`;
const consistency = z
  .union([z.string(), z.array(z.string()).transform((names) => names.join(","))], expected(someModels))
  .transform((text, context) => {
    const named = modelsNamed(text);
    if ("models" in named) return named.models;
    context.addIssue({ code: "custom", message: expectedName(named.unknown, consistencyNames, someModels) });
    return z.NEVER;
  });

/** Options of a test, from the command line, `keelhaul.yaml` or a program; each with its default. */
export const planSchema = z.strictObject(
  {
    name: name.optional(),
    backend: oneOf(backends).optional(),
    system: oneOf(systems).default("raft"),
    nodes: wholeNumber(1, 15).default(5),
    workload: list(`one of ${namesOf(workloads)}`).default(["register"]),
    nemesis: list(`all, none, or some of ${namesOf(faults)}, each with or without a :variant`).optional(),
    readMode: z.string(expected("a read mode such as read-index")).optional(),
    mutant: z.string(expected("a mutant's id such as M24")).optional(),
    world: z
      .record(z.string(), z.unknown(), expected('settings of the simulated world, such as {"network":{"lose":0.01}}'))
      .optional(),
    invariants: flag.default(true),
    timeLimit: duration.default(60_000),
    rate: number(
      "operations a second up to 1000000, 0 for as fast as possible",
      (perSecond) => perSecond >= 0 && perSecond <= 1_000_000,
    ).default(200),
    concurrency: concurrency.default("4n"),
    seed: wholeNumber(0, 2 ** 31 - 1).optional(),
    set: z.record(z.string(), z.unknown(), expected("knobs, such as electionTimeoutMs=300")).default({}),
    schedule: z
      .strictObject({ faults: z.array(scheduleEntrySchema, expected("a list of faults")), file: z.string().optional() })
      .optional(),
    minLoad: share(0.8).default(defaultMinLoadShare),
    minAnswered: share(0.95).optional(),
    maxRecovery: duration.optional(),
    minChangesMade: share(0.95).optional(),
    maxElections: number("elections a fault, such as 0.5", (elections) => elections >= 0).optional(),
    consistency: consistency.optional(),
    failFast: flag.default(false),
    store: z.string(expected("a folder")).min(1, expected("a folder")).default("store"),
  },
  expectedObject("an object with options"),
);
export type PlanOptions = z.input<typeof planSchema>;

/** Every option of a plan by its name in camel case. */
export const optionNames: readonly string[] = Object.keys(planSchema.shape);

/** Options with their defaults filled in. Throws an OptionError that names the option, its value and what was expected. */
export function parseOptions(options: unknown): z.output<typeof planSchema> {
  const parsed = parseWith(planSchema, options, "option");
  if (parsed.objection === undefined) return parsed.data;
  const { objection } = parsed;
  if (objection.path.length === 0) throw new UsageError(`options: ${objection.problem}`);
  throw new OptionError(objection.path, objection.problem);
}

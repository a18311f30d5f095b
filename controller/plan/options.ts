import { isAbsolute } from "node:path";
import { z } from "zod";
import { defaultMinimums } from "../../analysis/run/minimums.ts";
import { expected, number, share, wholeNumber } from "../../errors/schemas.ts";
import { backends } from "../../hosts/registry.ts";
import { faults } from "../../nemesis/registry.ts";
import { systemCatalog } from "../../sut/catalog.ts";
import { usualKnobs } from "../../sut/system.ts";
import { workloads } from "../../workloads/registry.ts";
import { backendPlanOptions } from "./backend-options.ts";
import { exactDuration } from "./duration.ts";
import { defaultMinLoadShare } from "./min-load.ts";
import { nemesisWords } from "./nemesis-word.ts";
import { optional, type PlanOption, withDefault } from "./option.ts";
import { collectKnobs, knobsHelp, parseWorld } from "./option-arguments.ts";
import { concurrency, duration, list, namesOf, oneOf, runName } from "./option-schemas.ts";
import { plainPlanOptions } from "./plain-options.ts";
import type { Plan } from "./plan.ts";
import { scheduleEntrySchema } from "./schedule/entry.ts";

const durationArgument = (durationMs: number | undefined): readonly string[] =>
  durationMs === undefined ? [] : [exactDuration(durationMs)];

/**
 * Every option of a plan, in the order of the help. Adding one that is looked up, or checked against others, is adding an
 * entry here and resolving it in `plan.ts`; what a plan takes as it is stands in `plain-options.ts`.
 */
export const planOptions = {
  backend: optional(oneOf(backends), {
    flag: {
      group: "Cluster:",
      argument: "<name>",
      help: `where the nodes run: ${namesOf(backends)}`,
      usually: "local; in-process for a system that needs no machines",
    },
    recordedAs: "backend",
    valueIn: ({ backend }) => backend.name,
  }),
  ...backendPlanOptions,
  // Programs bring systems of their own: which there are, the plan says.
  system: withDefault(z.string(expected("the name of a system")), "raft", {
    flag: {
      group: "Cluster:",
      argument: "<name>",
      help: `the store under test: ${namesOf(systemCatalog)}`,
      inCampaigns: "the store under test (default: raft)",
    },
    valueIn: ({ system }) => system.name,
  }),
  nodes: withDefault(wholeNumber(1, 15), 5, {
    flag: { group: "Cluster:", argument: "<count>", help: "number of nodes", inCampaigns: true },
    recordedAs: "nodes",
    valueIn: ({ nodes }) => nodes.length,
  }),
  readMode: optional(z.string(expected("a read mode such as read-index")), {
    flag: {
      group: "Cluster:",
      argument: "<mode>",
      help: `how the store answers reads; ${systemCatalog.map(({ name, readModes }) => `${name}: ${readModes.join(", ")}`).join("; ")}`,
      usually: systemCatalog.map(({ name, defaultReadMode }) => `${defaultReadMode} for ${name}`).join(", "),
      inCampaigns: "how the store answers reads (by seed: only linearizable modes)",
    },
    recordedAs: "readMode",
    valueIn: ({ readMode }) => readMode,
  }),
  set: {
    schema: z.record(z.string(), z.unknown(), expected("knobs, such as electionTimeoutMs=300")).default({}),
    flag: { group: "Cluster:", argument: "<knob=value>", help: knobsHelp, parse: collectKnobs, inCampaigns: true },
    valueIn: ({ knobs }) => knobs,
    argumentsIn: (plan) => changedKnobs(plan).map(([knob, value]) => `${knob}=${value}`),
  },
  mutant: optional(z.string(expected("a mutant's id such as M24")), {
    flag: {
      group: "Cluster:",
      argument: "<id>",
      help: "break one rule of the Raft store, such as M24, in the configuration that exposes it",
      inCampaigns: true,
    },
    recordedAs: "mutant",
    valueIn: ({ mutant }) => mutant?.id,
  }),
  workload: withDefault(list(`one of ${namesOf(workloads)}`), "register", {
    flag: {
      group: "Load:",
      argument: "<name>",
      help: `what clients do: ${namesOf(workloads)}`,
      inCampaigns: "what clients do",
    },
    recordedAs: "workloads",
    valueIn: ({ workload }) => workload.name,
  }),
  timeLimit: withDefault(duration, "60s", {
    flag: {
      group: "Load:",
      argument: "<duration>",
      help: "how long clients send operations, such as 30s or 5m",
      inCampaigns: "how long the clients of a run send operations (default: 30s)",
    },
    recordedAs: "timeLimitMs",
    valueIn: ({ timeLimitMs }) => timeLimitMs,
    argumentsIn: ({ timeLimitMs }) => durationArgument(timeLimitMs),
  }),
  concurrency: withDefault(concurrency, "4n", {
    flag: {
      group: "Load:",
      argument: "<clients>",
      help: "number of clients, or a multiple of the nodes such as 2n",
      inCampaigns: true,
    },
    recordedAs: "concurrency",
    valueIn: (plan) => plan.concurrency,
  }),
  seed: optional(wholeNumber(0, 2 ** 31 - 1), {
    flag: {
      group: "Load:",
      argument: "<number>",
      help: "repeat the faults and operations of a run",
      usually: "random, and printed",
    },
    valueIn: ({ seed }) => seed,
  }),
  nemesis: optional(nemesisWords(`all, none, or some of ${namesOf(faults)}, each with or without a :variant`), {
    flag: {
      group: "Fault injection:",
      argument: "<faults>",
      help: "faults from the list below, separated by commas, such as partition:leader,kill; + injects two at once; all or none",
      usually: "none",
      inCampaigns: "faults as for `keelhaul test`",
    },
    recordedAs: "nemesis",
    // A schedule file lists the faults themselves.
    argumentsIn: ({ nemesis, schedule }) => (schedule === undefined ? [nemesis.join(",")] : []),
  }),
  schedule: optional(
    z.strictObject({
      faults: z.array(scheduleEntrySchema, expected("a list of faults")),
      file: z.string().optional(),
    }),
    { argumentsIn: ({ scheduleFile }) => (scheduleFile === undefined ? [] : [scheduleFile]) },
  ),
  world: optional(
    z.record(z.string(), z.unknown(), expected('settings of the simulated world, such as {"network":{"lose":0.01}}')),
    {
      flag: {
        group: "Fault injection:",
        argument: "<json>",
        help: "settings of the simulated network, disks and clocks, with --backend sim; the seed chooses the others",
        parse: parseWorld,
        inCampaigns: "settings of the simulated network, disks and clocks",
      },
      recordedAs: "world",
      valueIn: ({ world }) => world,
    },
  ),
  minLoad: withDefault(share(0.8), defaultMinLoadShare, {
    flag: {
      group: "Checks:",
      argument: "<share>",
      help: "lowest valid share of the requested operations that clients send",
    },
    valueIn: ({ minLoadShare }) => (minLoadShare === defaultMinLoadShare ? undefined : minLoadShare),
  }),
  minAnsweredLoad: withDefault(share(0.2), defaultMinimums.answeredShare, {
    flag: {
      group: "Checks:",
      argument: "<share>",
      help: "lowest share of the sent operations, also during faults, that are answered in a valid run",
    },
    valueIn: ({ minAnsweredLoadShare: share }) => (share === defaultMinimums.answeredShare ? undefined : share),
  }),
  minEffective: withDefault(share(0.8), defaultMinimums.effectiveShare, {
    flag: {
      group: "Checks:",
      argument: "<share>",
      help: "lowest share of the injected faults that are proven to take effect in a valid run",
    },
    valueIn: ({ minEffectiveShare: share }) => (share === defaultMinimums.effectiveShare ? undefined : share),
  }),
  minAnswered: optional(share(0.95), {
    flag: {
      group: "Checks:",
      argument: "<share>",
      help: "lowest valid share of operations answered outside faults, such as 0.95",
    },
    recordedAs: "budgets",
    valueIn: ({ budgets }) => budgets.minAnsweredShare,
  }),
  maxRecovery: optional(duration, {
    flag: {
      group: "Checks:",
      argument: "<duration>",
      help: "longest valid time from healing a fault to the next write, such as 3s",
    },
    recordedAs: "budgets",
    valueIn: ({ budgets }) => budgets.maxRecoveryMs,
    argumentsIn: ({ budgets }) => durationArgument(budgets.maxRecoveryMs),
  }),
  minChangesMade: optional(share(0.95), {
    flag: {
      group: "Checks:",
      argument: "<share>",
      help: "lowest valid share of membership and leadership changes made outside faults, such as 0.95",
    },
    recordedAs: "budgets",
    valueIn: ({ budgets }) => budgets.minChangesMadeShare,
  }),
  maxElections: optional(
    number("elections a fault, such as 0.5", (elections) => elections >= 0),
    {
      flag: {
        group: "Checks:",
        argument: "<number>",
        help: "most elections per fault that are valid, such as 0.5; the first is not counted",
      },
      recordedAs: "budgets",
      valueIn: ({ budgets }) => budgets.maxElectionsPerFault,
    },
  ),
  ...plainPlanOptions,
  store: withDefault(z.string(expected("a folder")).min(1, expected("a folder")), "store", {
    flag: { group: "Output:", argument: "<folder>", help: "the folder for the run folders" },
    // An absolute path means nothing on the machine of whoever repeats the run.
    argumentsIn: ({ store }) => (store === "store" || isAbsolute(store) ? [] : [store]),
  }),
  name: optional(runName, {
    flag: {
      group: "Output:",
      argument: "<name>",
      help: "name of the run in the store",
      usually: "the workload's name",
    },
    valueIn: ({ name }) => name,
    argumentsIn: ({ name, workload }) => (name === workload.name ? [] : [name]),
  }),
} as const satisfies Record<string, PlanOption>;

function changedKnobs({ system, knobs, mutant }: Plan): [string, unknown][] {
  const usual = usualKnobs(system);
  const enabled = mutant?.enabling.knobs ?? {};
  return Object.entries(knobs).filter(([knob, value]) => value !== usual[knob] || knob in enabled);
}

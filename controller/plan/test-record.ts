import { isDeepStrictEqual } from "node:util";
import type { TestRecord } from "../../history/test-record.ts";
import { keelhaulVersion } from "../../hosts/version.ts";
import type { SystemMutant } from "../../sut/system.ts";
import { exactDuration } from "./duration.ts";
import { defaultMinLoadShare } from "./min-load.ts";
import { makePlan, type Plan } from "./plan.ts";

/** What `test.json` says of a plan. */
export function testRecord(plan: Plan, startedAt: Date): TestRecord {
  const record = recordOf(plan, startedAt);
  const usual = recordOf(makePlan({ system: plan.system.name }, plan.seed), startedAt);
  return { ...record, changed: changedFields(record, usual) };
}

/** What a reader would look for among settings; the rest is the same for every run, or different in each. */
const settings = [
  ...["mutant", "readMode", "world", "backend", "nodes", "workloads", "faults"],
  ...["budgets", "consistency", "timeLimitMs", "rate", "concurrency"],
] as const satisfies (keyof TestRecord)[];

function changedFields(record: TestRecord, usual: TestRecord): string[] {
  const differ = (one: unknown, other: unknown): boolean => !isDeepStrictEqual(one, other);
  const knobs = Object.keys(record.knobs).filter((name) => differ(record.knobs[name], usual.knobs[name]));
  return [...settings.filter((name) => differ(record[name], usual[name])), ...knobs.map((name) => `knobs.${name}`)];
}

function recordOf(plan: Plan, startedAt: Date): TestRecord {
  return {
    keelhaul: keelhaulVersion(),
    name: plan.name,
    startedAt: startedAt.toISOString(),
    seed: plan.seed,
    command: commandLine(plan),
    system: plan.system.name,
    readMode: plan.readMode,
    ...(plan.mutant === undefined ? {} : { mutant: mutantRecord(plan.mutant) }),
    knobs: plan.knobs,
    ...(plan.world === undefined ? {} : { world: plan.world }),
    electionTimeoutMs: plan.system.electionTimeoutMs(plan.knobs),
    backend: plan.backend.name,
    nodes: plan.nodes,
    workloads: [plan.workload.name],
    checkers: plan.checkers,
    budgets: plan.budgets,
    ...(plan.consistency === undefined ? {} : { consistency: plan.consistency.join(",") }),
    timeLimitMs: plan.timeLimitMs,
    rate: plan.rate,
    concurrency: plan.concurrency,
    faults: plan.faults.map(({ fault }) => ({ name: fault.name, ...fault.band })),
    versions: { node: process.version, platform: `${process.platform} ${process.arch}` },
  };
}

/** The command that runs the same test again: same seed, same schedule, same operations offered. */
export function commandLine(plan: Plan): string {
  const knownDefaults = plan.system.knobs.parse({});
  const enabled = plan.mutant?.enabling.knobs ?? {};
  const set = Object.entries(plan.knobs).filter(([knob, value]) => value !== knownDefaults[knob] || knob in enabled);
  const options: [string, string][] = [
    ["backend", plan.backend.name],
    ["system", plan.system.name],
    ...(plan.mutant === undefined ? [] : [["mutant", plan.mutant.id] as [string, string]]),
    ["nodes", String(plan.nodes.length)],
    ["workload", plan.workload.name],
    plan.scheduleFile === undefined ? ["nemesis", plan.nemesis.join(",")] : ["schedule", plan.scheduleFile],
    ["read-mode", plan.readMode],
    ["time-limit", exactDuration(plan.timeLimitMs)],
    ["rate", String(plan.rate)],
    ["concurrency", String(plan.concurrency)],
    ...(plan.minLoadShare === defaultMinLoadShare ? [] : [["min-load", String(plan.minLoadShare)] as [string, string]]),
    ...budgetOptions(plan.budgets),
    ...(plan.consistency === undefined ? [] : [["consistency", plan.consistency.join(",")] as [string, string]]),
    ...set.map(([knob, value]): [string, string] => ["set", `${knob}=${value}`]),
    ...(plan.world === undefined ? [] : [["world", `'${JSON.stringify(plan.world)}'`] as [string, string]]),
    ["seed", String(plan.seed)],
  ];
  const flags = `${plan.failFast ? " --fail-fast" : ""}${plan.invariants ? "" : " --no-invariants"}`;
  return `npx keelhaul test ${options.map(([option, value]) => `--${option} ${value}`).join(" ")}${flags}`;
}

function mutantRecord({ id, name, breaks }: SystemMutant): NonNullable<TestRecord["mutant"]> {
  return { id, name, breaks };
}

function budgetOptions(budgets: Plan["budgets"]): [string, string][] {
  const { minAnsweredShare, maxRecoveryMs, minChangesMadeShare, maxElectionsPerFault } = budgets;
  return [
    ...(minAnsweredShare === undefined ? [] : [["min-answered", String(minAnsweredShare)] as [string, string]]),
    ...(maxRecoveryMs === undefined ? [] : [["max-recovery", exactDuration(maxRecoveryMs)] as [string, string]]),
    ...(minChangesMadeShare === undefined
      ? []
      : [["min-changes-made", String(minChangesMadeShare)] as [string, string]]),
    ...(maxElectionsPerFault === undefined
      ? []
      : [["max-elections", String(maxElectionsPerFault)] as [string, string]]),
  ];
}

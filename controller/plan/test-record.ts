import { isDeepStrictEqual } from "node:util";
import type { TestRecord } from "../../history/test-record.ts";
import { keelhaulVersion } from "../../hosts/version.ts";
import type { Fault } from "../../nemesis/fault.ts";
import type { SystemMutant } from "../../sut/mutant.ts";
import { makePlan, type Plan } from "./plan.ts";
import { optionNames, planOption } from "./plan-options.ts";
import { commandLine, optionsOf } from "./repeat.ts";

/** What `test.json` says of a plan. */
export function testRecord(plan: Plan, startedAt: Date): TestRecord {
  const record = recordOf(plan, startedAt);
  const usual = usualRecord(plan, startedAt);
  return { ...record, changed: changedFields(record, usual) };
}

/** That of a plan without options. Its own workload stands in for the usual one, which the system may not support. */
function usualRecord({ system, seed, workload }: Plan, startedAt: Date): TestRecord {
  const usual = makePlan({ system: system.name, workload: workload.name }, seed, [system]);
  return { ...recordOf(usual, startedAt), workloads: [String(planOption("workload").usual)] };
}

/** The fields that a reader would look for among settings; the rest is the same for every run, or different in each. */
const settings = [...new Set(optionNames.flatMap((name) => planOption(name).recordedAs ?? []))];

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
    options: { ...optionsOf(plan), ...(plan.schedule === undefined ? { nemesis: plan.nemesis } : {}) },
    system: plan.system.name,
    readMode: plan.readMode,
    ...(plan.mutant === undefined ? {} : { mutant: mutantRecord(plan.mutant) }),
    weaknesses: plan.system.weaknesses?.({ knobs: plan.knobs, readMode: plan.readMode }) ?? [],
    ...(plan.hunt ? { hunt: true } : {}),
    knobs: plan.knobs,
    ...(plan.world === undefined ? {} : { world: plan.world }),
    electionTimeoutMs: plan.system.failureDetectionMs(plan.knobs),
    backend: plan.backend.name,
    nodes: plan.nodes,
    workloads: [plan.workload.name],
    ...(plan.workload.reads === undefined ? {} : { reads: plan.workload.reads }),
    checkers: plan.checkers,
    budgets: plan.budgets,
    ...(plan.consistency === undefined ? {} : { consistency: plan.consistency.join(",") }),
    timeLimitMs: plan.timeLimitMs,
    rate: plan.rate,
    concurrency: plan.concurrency,
    nemesis: plan.nemesis,
    faults: faultsOf(plan).map((fault) => ({ name: fault.name, ...fault.band })),
    versions: { node: process.version, platform: `${process.platform} ${process.arch}` },
  };
}

/** Each fault of a plan once, however often it names it. */
function faultsOf({ faults }: Plan): readonly Fault[] {
  return [...new Set(faults.flatMap(({ fault, meanwhile = [] }) => [fault, ...meanwhile.map((other) => other.fault)]))];
}

function mutantRecord({ id, name, breaks }: SystemMutant): NonNullable<TestRecord["mutant"]> {
  return { id, name, breaks };
}

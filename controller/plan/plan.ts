import { z } from "zod";
import type { CheckerName } from "../../analysis/checker-names.ts";
import { judgeConsistency } from "../../analysis/registry.ts";
import { OptionError } from "../../errors/errors.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { quote } from "../../errors/quote.ts";
import { unknownName } from "../../errors/suggest.ts";
import type { TestRecord } from "../../history/test-record.ts";
import type { Backend } from "../../hosts/backend.ts";
import type { GivenOptions } from "../../hosts/backend-option.ts";
import type { Capability, SettableClocks } from "../../hosts/host.ts";
import { inProcess } from "../../hosts/in-process/backend.ts";
import { local } from "../../hosts/local/backend.ts";
import { backends } from "../../hosts/registry.ts";
import { sim } from "../../hosts/sim/backend.ts";
import { needsOf } from "../../nemesis/fault.ts";
import { type FaultSelection, type Schedule, scheduleShape, shortestRunMs } from "../../nemesis/schedule.ts";
import type { SystemMutant } from "../../sut/mutant.ts";
import { systems } from "../../sut/registry.ts";
import type { System } from "../../sut/system.ts";
import { workloads } from "../../workloads/registry.ts";
import type { Workload } from "../../workloads/workload.ts";
import { pickBackendOptions } from "./backend-options.ts";
import type { Drawn } from "./draw-faults.ts";
import { formatDurationMs } from "./duration.ts";
import { withEnabling } from "./enabling.ts";
import { drawTogether, withHunt } from "./hunt.ts";
import { namesOf } from "./option-schemas.ts";
import { type PlainOptions, plainOptions } from "./plain-options.ts";
import { parseOptions } from "./plan-options.ts";
import { resolveSchedule } from "./schedule/resolve.ts";
import { selectFaults } from "./select-faults.ts";
import { settableClocksFor } from "./settable-clocks.ts";
import { runsOn } from "./variants-on.ts";

type Options = ReturnType<typeof parseOptions>;

/**
 * A test that can be run: every name looked up, every option checked against the others. Transactions have to be
 * strict-serializable where `consistency` says nothing else; with `failFast`, the first violation ends the run: all is
 * healed and stopped, and what there is is judged.
 */
export interface Plan extends PlainOptions {
  readonly name: string;
  readonly backend: Backend;
  /** The backend's own options, as far as they were given. */
  readonly backendOptions: GivenOptions;
  readonly system: System;
  readonly knobs: Record<string, unknown>;
  readonly readMode: string;
  /** What the store's nodes are wrong in, on purpose. */
  readonly mutant?: SystemMutant;
  /** What the simulated world is like, as far as that is not drawn from the seed. */
  readonly world?: Readonly<Record<string, unknown>>;
  readonly nodes: readonly string[];
  readonly workload: Workload;
  /** What judges its history. */
  readonly checkers: readonly CheckerName[];
  readonly faults: readonly FaultSelection[];
  /** What its faults need of the machines. */
  readonly needs: readonly Capability[];
  /** The clocks that faults set; node processes are started for it. Left out: none. */
  readonly clocks?: SettableClocks;
  /** The `--nemesis` words that the selection came from. */
  readonly nemesis: readonly string[];
  /** What is done instead of what would be drawn from the seed. */
  readonly schedule?: Schedule;
  /** Where that was read. */
  readonly scheduleFile?: string;
  readonly timeLimitMs: number;
  readonly concurrency: number;
  readonly seed: number;
  /** The share of the requested operations that clients have to send for the run to be valid. */
  readonly minLoadShare: number;
  /** The share of the sent operations that have to be answered for that. */
  readonly minAnsweredLoadShare: number;
  /** The share of the injected faults that have to take effect for that. */
  readonly minEffectiveShare: number;
  /** What availability has to reach for the run to be valid. */
  readonly budgets: NonNullable<TestRecord["budgets"]>;
  readonly store: string;
}

/**
 * Checks options and looks up what they name. A mutant brings the configuration along in which it shows, as far as options
 * do not say otherwise. `known`: the systems to choose from. Throws one UsageError that names the option, its value and
 * what was expected.
 */
export function makePlan(options: unknown, fallbackSeed: number, known: readonly System[] = systems): Plan {
  const given = parseOptions(options);
  const mutant = pickMutant(given.mutant, byName(known, given.system, "system"));
  const system = byName(known, given.system, "system");
  const backend = pickBackend(given.backend, system);
  const seed = given.seed ?? fallbackSeed;
  const chosen = parseOptions(
    withDrawn(options as Record<string, unknown>, { given, mutant, on: { seed, backend, system } }),
  );
  const workload = pickWorkload(chosen.workload, system);
  const nodes = Array.from({ length: chosen.nodes }, (_, index) => `n${index + 1}`);
  if (chosen.schedule !== undefined && given.nemesis !== undefined) {
    throw new OptionError(["nemesis"], "the schedule already says which faults happen; omit one of the two");
  }
  const frame = { nodes, timeLimitMs: chosen.timeLimit };
  const schedule = chosen.schedule === undefined ? null : resolveSchedule(chosen.schedule.faults, frame);
  const nemesis = nemesisOf(chosen);
  const selections = selectFaults(nemesis, nodes, backend, system);
  if (backend.kind === "simulated" && chosen.failFast) {
    throw new OptionError(["failFast"], "no effect on simulated runs, which are checked when they finish; omit it");
  }
  const needs = schedule === null ? selections.flatMap(needsOfSelection) : needsOfSchedule(schedule);
  const knobs = parseKnobs(system, chosen.set);
  const clocks = settableClocksFor(needs, backend, system.traces?.written(knobs) === true);
  if (chosen.consistency !== undefined) requireTransactions(workload);
  if (selections.length > 0 && schedule === null)
    requireTimeForFaults(chosen.timeLimit, system.failureDetectionMs(knobs), selections);
  return {
    ...plainOf(chosen),
    name: chosen.name ?? workload.name,
    backend,
    backendOptions: pickBackendOptions(chosen, backend),
    system,
    knobs,
    readMode: pickReadMode(chosen.readMode, system),
    ...(mutant === null ? {} : { mutant }),
    ...pickWorld(withTrueClocks(chosen.world, clocks, backend), given.world, backend, system),
    nodes,
    workload,
    checkers: [
      ...workload.checkers,
      ...(chosen.invariants ? innerCheckers(backend, system, knobs) : []),
      ...outerCheckers(system),
      "load",
    ],
    faults: selections,
    needs: [...new Set(needs)],
    ...(clocks === undefined ? {} : { clocks }),
    nemesis,
    ...(schedule === null ? {} : { schedule, scheduleFile: chosen.schedule?.file ?? "FILE" }),
    timeLimitMs: chosen.timeLimit,
    concurrency: parseConcurrency(chosen.concurrency, nodes.length),
    seed,
    minLoadShare: chosen.minLoad,
    minAnsweredLoadShare: chosen.minAnsweredLoad,
    minEffectiveShare: chosen.minEffective,
    budgets: {
      ...(chosen.minAnswered === undefined ? {} : { minAnsweredShare: chosen.minAnswered }),
      ...(chosen.maxRecovery === undefined ? {} : { maxRecoveryMs: chosen.maxRecovery }),
      ...(chosen.minChangesMade === undefined ? {} : { minChangesMadeShare: chosen.minChangesMade }),
      ...(chosen.maxElections === undefined ? {} : { maxElectionsPerFault: chosen.maxElections }),
    },
    store: chosen.store,
  };
}

interface DrawnFrom {
  readonly given: Options;
  readonly mutant: SystemMutant | null;
  readonly on: Drawn;
}

/** What was given, before what exposes a mutant, before what a hunt draws. Faults of a mutant also come together with others. */
function withDrawn(
  options: Record<string, unknown>,
  { given, mutant, on }: DrawnFrom,
): Readonly<Record<string, unknown>> {
  if (!given.hunt) return mutant === null ? options : withEnabling(options, mutant);
  // Most mutants show in the default read mode alone.
  const readMode = { readMode: on.system.defaultReadMode };
  const enabled = mutant === null ? options : { ...readMode, ...withEnabling(options, mutant) };
  const exposed = given.nemesis === undefined && given.schedule === undefined ? mutant?.enabling.nemesis : undefined;
  return withHunt(exposed === undefined ? enabled : { ...enabled, nemesis: [...exposed, ...drawTogether(on)] }, on);
}

function needsOfSelection({ fault, variants, meanwhile = [] }: FaultSelection): readonly Capability[] {
  return [...variants.flatMap((variant) => needsOf(fault, variant)), ...meanwhile.flatMap(needsOfSelection)];
}

function needsOfSchedule({ faults }: Schedule): readonly Capability[] {
  return faults.flatMap(({ fault, variant }) => needsOf(fault, variant));
}

function plainOf(options: Options): PlainOptions {
  const plain = Object.entries(options).filter(([name]) => name in plainOptions);
  return Object.fromEntries(plain) as unknown as PlainOptions;
}

/** What `--nemesis` says, or what a schedule comes to. */
function nemesisOf({ schedule, nemesis = ["none"] }: Options): readonly string[] {
  if (schedule === undefined) return nemesis;
  if (schedule.faults.length === 0) return ["none"];
  return [...new Set(schedule.faults.map(({ fault }) => fault))];
}

function pickMutant(wanted: string | undefined, { name, mutants = [] }: System): SystemMutant | null {
  if (wanted === undefined) return null;
  const found = mutants.find(({ id }) => id === wanted);
  if (found) return found;
  throw new OptionError(["mutant"], noMutant(wanted, name, mutants));
}

/** Why a system has no mutant of that id. Which it has is a page of its own. */
export function noMutant(wanted: string, system: string, mutants: readonly SystemMutant[]): string {
  const [first, last] = [mutants[0], mutants.at(-1)];
  if (first === undefined || last === undefined) return `got ${quote(wanted)}; system ${system} has no mutants`;
  const expected = `one of the ${mutants.length} mutants of ${system}, ${first.id} to ${last.id} (docs/mutants.md)`;
  const byName = mutants.find(({ name }) => name === wanted.toLowerCase());
  if (byName !== undefined) return `got ${quote(wanted)}; did you mean ${quote(byName.id)}? Expected ${expected}`;
  return unknownName(
    wanted,
    mutants.map(({ id }) => id),
    expected,
  );
}

function byName<Item extends { readonly name: string }>(registry: readonly Item[], name: string, option: string): Item {
  const found = registry.find((item) => item.name === name);
  if (found) return found;
  const names = registry.map((item) => item.name);
  throw new OptionError([option], unknownName(name, names, `one of ${names.join(", ")}`));
}

/** Machines of this computer, unless told otherwise; none for a system that needs none. */
function pickBackend(wanted: string | undefined, system: System): Backend {
  const backend = byName(backends, wanted ?? (system.inProcess ? inProcess.name : local.name), "backend");
  if (runsOn(backend, system)) return backend;
  if (backend.kind === "simulated") {
    const able = namesOf(systems.filter(({ simulated }) => simulated !== undefined));
    throw new OptionError(["backend"], `system ${system.name} cannot be simulated; choose a system that can (${able})`);
  }
  const why = system.inProcess
    ? `runs only on ${inProcess.name} or ${sim.name}`
    : `needs machines, which ${inProcess.name} does not have`;
  throw new OptionError(["backend"], `got ${quote(backend.name)}; system ${system.name} ${why}`);
}

/** Where faults set clocks, these are true otherwise, unless the plan says how they differ: a shift then is the fault's. */
function withTrueClocks(
  world: Record<string, unknown> | undefined,
  clocks: SettableClocks | undefined,
  backend: Backend,
): Record<string, unknown> | undefined {
  if (clocks === undefined || backend.kind !== "simulated") return world;
  return { clocks: { driftPercent: 0, offsetMs: 0 }, ...world };
}

/** A mutant wishes for a world; only a simulated one can be as one wishes. */
function pickWorld(
  wanted: Record<string, unknown> | undefined,
  given: Record<string, unknown> | undefined,
  backend: Backend,
  { simulated }: System,
): Pick<Plan, "world"> {
  if (wanted === undefined || (given === undefined && backend.kind !== "simulated")) return {};
  const schema = backend.kind === "simulated" ? simulated?.world : undefined;
  if (schema === undefined) {
    throw new OptionError(["world"], `works only with --backend ${sim.name}; this run uses ${backend.name}`);
  }
  const { objection } = parseWith(schema, wanted, "setting");
  if (objection === undefined) return { world: wanted };
  throw new OptionError(["world", ...objection.path], objection.problem);
}

/** What an observer sees of the nodes is judged beside what clients saw. */
function outerCheckers({ inspector, inProcess }: System): CheckerName[] {
  return [...(inspector?.electsByTerms ? (["leaders"] as const) : []), ...(inProcess ? [] : (["crashes"] as const))];
}

/** What was seen inside of the nodes is judged beside what clients saw: by a simulation, or by the traces of real nodes. */
function innerCheckers(backend: Backend, system: System, knobs: Record<string, unknown>): CheckerName[] {
  const looksInside =
    backend.kind === "simulated" ? system.simulated?.hasInvariants === true : system.traces?.written(knobs) === true;
  return looksInside ? ["invariants"] : [];
}

function pickReadMode(wanted: string | undefined, { name, readModes, defaultReadMode }: System): string {
  const mode = wanted ?? defaultReadMode;
  if (readModes.includes(mode)) return mode;
  throw new OptionError(["readMode"], unknownName(mode, readModes, `one that ${name} has: ${readModes.join(", ")}`));
}

function pickWorkload(wanted: readonly string[], system: System): Workload {
  if (wanted.length > 1)
    throw new OptionError(["workload"], `got ${quote(wanted.join(","))}; expected one workload a run`);
  const workload = byName(workloads, wanted[0]!, "workload");
  const missing = workload.operations.filter((operation) => !system.operations.has(operation));
  if (missing.length > 0) {
    throw new OptionError(
      ["workload"],
      `${workload.name} needs ${missing.join(", ")}, which system ${system.name} does not support`,
    );
  }
  return workload;
}

function requireTransactions({ name, checkers }: Workload): void {
  if (judgeConsistency(checkers)) return;
  const fitting = namesOf(workloads.filter((workload) => judgeConsistency(workload.checkers)));
  throw new OptionError(["consistency"], `no effect on workload ${name}; it works with ${fitting}`);
}

const noKnobs = z.strictObject({});

function parseKnobs(system: System, set: Record<string, unknown>): Record<string, unknown> {
  const parsed = parseWith(system.knobs ?? noKnobs, set, `knob of ${system.name}`);
  if (parsed.objection === undefined) return parsed.data;
  throw new OptionError(["set", ...parsed.objection.path], parsed.objection.problem);
}

/** A run whose faults do not fit into its time would look as if it had survived them. */
function requireTimeForFaults(
  timeLimitMs: number,
  electionTimeoutMs: number,
  selections: readonly FaultSelection[],
): void {
  const shape = scheduleShape(electionTimeoutMs);
  for (const { fault, timing } of selections) {
    const neededMs = shortestRunMs(shape, timing);
    if (timeLimitMs >= neededMs) continue;
    const [got, needed] = [timeLimitMs, neededMs].map(formatDurationMs);
    const what = timing === undefined ? "faults" : fault.name;
    throw new OptionError(
      ["timeLimit"],
      `got ${got}; a run with ${what}, and time to recover from one, needs ${needed}`,
    );
  }
}

function parseConcurrency(text: string, nodeCount: number): number {
  const clients = text.endsWith("n") ? Number(text.slice(0, -1)) * nodeCount : Number(text);
  if (clients >= 1 && clients <= 1000) return clients;
  throw new OptionError(["concurrency"], `got ${quote(text)}; expected from 1 to 1000 clients`);
}

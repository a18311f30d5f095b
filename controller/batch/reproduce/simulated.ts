import { OptionError } from "../../../errors/errors.ts";
import { backendOptions } from "../../../hosts/registry.ts";
import { sim } from "../../../hosts/sim/backend.ts";
import type { System } from "../../../sut/system.ts";
import { makePlan } from "../../plan/plan.ts";
import type { PlanOptions } from "../../plan/plan-options.ts";
import { selectFaults } from "../../plan/select-faults.ts";
import type { Trial, TrialOptions } from "../trials/trial.ts";

/** A simulated run of half an hour finds hardly more than one of two minutes with another seed, and takes as long as fifteen. */
const longestMs = 120_000;

/** A stored run as the simulator can carry it out. */
export interface Simulated {
  /** The options of one run, by its seed. */
  readonly optionsOf: (seed: number) => TrialOptions;
  /** Words of `--nemesis` that name what cannot be simulated. */
  readonly leftOut: readonly string[];
  readonly timeLimitMs: number;
}

/**
 * The plan of a run with its cluster in virtual time: the same nodes, settings, workload and faults, at most two minutes long.
 * `inside`: whether the run failed by an invariant of the store; otherwise only what clients see counts.
 */
export function simulated(recorded: Readonly<Record<string, unknown>>, inside: boolean): Simulated {
  const plan = makePlan(recorded, 0);
  const { system, nodes } = plan;
  if (system.simulated === undefined) throw new OptionError(["system"], `${system.name} cannot be simulated`);
  const isSimulated = (word: string): boolean => isFaultOf(system, nodes, word);
  const nemesis = plan.nemesis.filter(isSimulated);
  const timeLimitMs = Math.min(plan.timeLimitMs, longestMs);
  const own = [...Object.keys(backendOptions), "failFast", "nemesis", "minLoad"];
  const kept = Object.fromEntries(Object.entries(recorded).filter(([name]) => !own.includes(name))) as PlanOptions;
  const faults = plan.schedule === undefined ? { nemesis: nemesis.length === 0 ? ["none"] : nemesis } : {};
  const options = {
    ...kept,
    ...faults,
    backend: sim.name,
    name: "reproduce",
    timeLimit: timeLimitMs,
    invariants: inside,
  };
  return {
    optionsOf: (seed) => ({ ...options, seed }),
    leftOut: plan.nemesis.filter((word) => !isSimulated(word)),
    timeLimitMs,
  };
}

/** A run that fails in another way decides nothing here. */
export function failingBy(failure: string, trial: Trial): Trial {
  if (trial.failure === null || trial.failure === failure) return trial;
  return { ...trial, verdict: "unknown", summary: `fails by ${trial.failure}, not by ${failure}: ${trial.summary}` };
}

function isFaultOf(system: System, nodes: readonly string[], word: string): boolean {
  try {
    selectFaults([word], nodes, sim, system);
    return true;
  } catch (error) {
    if (error instanceof OptionError) return false;
    throw error;
  }
}

import { OptionError } from "../../../errors/errors.ts";
import type { System } from "../../../sut/system.ts";
import { workloads } from "../../../workloads/registry.ts";
import { makePlan, type Plan } from "../../plan/plan.ts";

/** What a soak is to be: options of a plan that all its segments share, and how it is divided. */
export interface SoakRequest {
  /** As a plan takes them, without workload, time limit, seed and name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Taken in turn, a segment each. */
  readonly workloads: readonly string[];
  readonly timeLimitMs: number;
  readonly segmentMs: number;
  /** Of the first segment; each further one adds 1. */
  readonly seed: number;
}

/** A part of a soak with clients, keys, faults and a history of its own, on the cluster that all parts share. */
export interface Segment {
  /** Counted from 1. */
  readonly number: number;
  readonly plan: Plan;
}

/** The plan of the cluster that a soak runs on. Throws an OptionError for what no segment could be run with. */
export function soakPlan({ options, workloads: [workload], timeLimitMs, seed }: SoakRequest): Plan {
  const plan = makePlan({ ...options, name: "soak", workload, timeLimit: timeLimitMs, seed }, 0);
  if (plan.backend.kind === "simulated") {
    throw new OptionError(["backend"], "a soak takes real time; `keelhaul sim` makes many runs in virtual time");
  }
  return plan;
}

/** The segments of a soak in their order; the last one is as long as all others. */
export function segmentsOf(request: SoakRequest): readonly Segment[] {
  const { options, timeLimitMs, segmentMs, seed } = request;
  const count = Math.max(1, Math.round(timeLimitMs / segmentMs));
  return Array.from({ length: count }, (_, at): Segment => {
    const workload = request.workloads[at % request.workloads.length]!;
    const number = at + 1;
    const name = `${String(number).padStart(3, "0")}-${workload}`;
    return { number, plan: makePlan({ ...options, name, workload, timeLimit: segmentMs, seed: seed + at }, 0) };
  });
}

/** All that the system can serve and that something checks. */
export function workloadsFor(system: Pick<System, "operations">): readonly string[] {
  return workloads
    .filter(
      ({ operations, checkers }) => checkers.length > 0 && operations.every((name) => system.operations.has(name)),
    )
    .map(({ name }) => name);
}

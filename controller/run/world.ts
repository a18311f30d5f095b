import { join } from "node:path";
import type { InvariantsRecord, ViolationRecord } from "../../history/annotations.ts";
import { runFiles } from "../../history/test-record.ts";
import type { HostRun, MachineBackend } from "../../hosts/backend.ts";
import type { Host } from "../../hosts/host.ts";
import type { Simulation } from "../../sut/simulatable.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, machineClock, wallClock } from "../../time/clock.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import type { Plan } from "../plan/plan.ts";

/** A look into the nodes of a simulated store, and a word on what was seen there. */
export interface Inside extends Omit<Simulation, "host" | "system" | "steps"> {
  broken(violation: Omit<ViolationRecord, "timeNs">): void;
}

/** What a run happens in: its time, its machines, and the store as it is there. */
export interface World {
  readonly clock: Clock;
  readonly system: System;
  createHost(run: Omit<HostRun, "folder">): Promise<Host>;
  /** Carries out a deed that waits by the world's clock alone. */
  during<Result>(deed: () => Promise<Result>): Promise<Result>;
  /** Aborted when the world saw what must never be, inside of the store. */
  readonly broken: AbortSignal;
  /** What it looked at inside of the store; null where it cannot look. */
  invariants(): InvariantsRecord | null;
  /** Null as above. */
  readonly inside: Inside | null;
}

/** A world of the plan's backend, in which one run is carried out. Its clock begins now, and its files go into the folder. */
export function openWorld(plan: Plan, folder: string): World {
  const { backend } = plan;
  return backend.kind === "machines" ? realWorld(backend, plan, folder) : simulatedWorld(plan);
}

function realWorld(backend: MachineBackend, plan: Plan, folder: string): World {
  const { system } = plan;
  const beganNs = machineClock().nowNs();
  return {
    clock: wallClock(),
    system,
    createHost: (run) => backend.create({ ...run, folder }),
    during: (deed) => deed(),
    broken: new AbortController().signal,
    invariants: () => checkTraces(plan, folder, beganNs),
    inside: null,
  };
}

/** What the nodes traced, by the time of the run, which began at this time of the machine's; null where they do not. */
function checkTraces(
  { system: { traces }, knobs, nodes, invariants }: Plan,
  folder: string,
  beganNs: number,
): InvariantsRecord | null {
  if (!invariants || traces?.written(knobs) !== true) return null;
  const { violation, ...check } = traces.check(join(folder, runFiles.logs), nodes);
  if (violation === null) return { ...check, violation };
  const { atNs, ...seen } = violation;
  return { ...check, violation: { ...seen, timeNs: atNs - beganNs } };
}

/** A world in virtual time, with nothing in files. */
export function simulatedWorld({ system, nodes, seed, knobs, readMode, mutant, world, invariants }: Plan): World {
  const { simulated } = system;
  if (simulated === undefined) throw new TypeError(`${system.name} cannot be simulated`);
  const clock = new VirtualTime();
  const stop = new AbortController();
  let violation: InvariantsRecord["violation"] = null;
  const looksInside = simulated.hasInvariants && invariants;
  const onViolation = (seen: Omit<ViolationRecord, "timeNs">): void => {
    if (!looksInside) return;
    violation ??= { ...seen, timeNs: clock.nowNs() };
    stop.abort();
  };
  const simulation = simulated.begin({
    ...{ clock, nodes, seed, knobs, readMode },
    ...(world === undefined ? {} : { world }),
    ...(mutant === undefined ? {} : { mutant: mutant.id }),
    onViolation,
  });
  return {
    clock,
    system: simulation.system,
    createHost: async () => simulation.host,
    during: (deed) => clock.run(deed),
    broken: stop.signal,
    invariants: () => (looksInside ? { steps: simulation.steps(), violation } : null),
    inside: looksInside ? { ...simulation, broken: onViolation } : null,
  };
}

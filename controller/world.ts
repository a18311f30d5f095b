import type { InvariantsRecord, ViolationRecord } from "../history/annotations.ts";
import type { Simulation, System } from "../sut/system.ts";
import { type Clock, wallClock } from "../time/clock.ts";
import { VirtualTime } from "../time/virtual-time.ts";
import type { HostRun, MachineBackend } from "./hosts/backend.ts";
import type { Host } from "./hosts/host.ts";
import type { Plan } from "./plan.ts";

/** A look into the nodes of a simulated store, and a word on what was seen there. */
export interface Inside extends Pick<Simulation, "voters" | "notConverged" | "bearsDeafNodes"> {
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
  const { backend, system } = plan;
  return backend.kind === "machines" ? realWorld(backend, system, folder) : simulatedWorld(plan);
}

function realWorld(backend: MachineBackend, system: System, folder: string): World {
  return {
    clock: wallClock(),
    system,
    createHost: (run) => backend.create({ ...run, folder }),
    during: (deed) => deed(),
    broken: new AbortController().signal,
    invariants: () => null,
    inside: null,
  };
}

/** A world in virtual time, with nothing in files. */
export function simulatedWorld({ system, nodes, seed, knobs, readMode, mutant, world }: Plan): World {
  const { simulated } = system;
  if (simulated === undefined) throw new TypeError(`${system.name} cannot be simulated`);
  const clock = new VirtualTime();
  const stop = new AbortController();
  let violation: InvariantsRecord["violation"] = null;
  const onViolation = (seen: Omit<ViolationRecord, "timeNs">): void => {
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
    invariants: () => (simulated.hasInvariants ? { steps: simulation.steps(), violation } : null),
    inside: simulated.hasInvariants ? { ...simulation, broken: onViolation } : null,
  };
}

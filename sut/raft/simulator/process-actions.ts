import type { Evidence } from "../../../history/annotations.ts";
import { injection } from "../../../hosts/injection.ts";
import { heldByOthers, Shares } from "../../../hosts/shares.ts";
import type { Machine } from "./machine.ts";

/** What faults do to the processes of simulated machines. */
export function processActions() {
  /** By node. A process is scheduled while nobody stops its node. */
  const stops = new Shares();
  return {
    pause: async (machine: Machine) => {
      const release = stops.take([machine.id]);
      machine.process?.pause();
      return injection([stateEvidence(machine, "paused")], async () => {
        release();
        if (stops.isHeld(machine.id)) return [heldByOthers(machine.id)];
        machine.process?.resume();
        return [stateEvidence(machine, "running")];
      });
    },
  };
}

function stateEvidence(machine: Machine, wanted: "paused" | "running"): Evidence {
  const state = machine.process?.state;
  const observation = state === undefined ? machine.description : `${machine.description} is ${state}`;
  return { subject: machine.id, observation, proves: state === wanted };
}

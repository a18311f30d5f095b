import type { Evidence } from "../../../history/annotations.ts";
import { type NodeAction, usualHogShare } from "../../../hosts/host.ts";
import { injection } from "../../../hosts/injection.ts";
import { heldByOthers, Shares } from "../../../hosts/shares.ts";
import { type Cancel, type Clock, sleepMs } from "../../../time/clock.ts";
import type { Machine } from "./machine.ts";

/** How often a hogged process gets its turn. */
const hogSliceMs = 100;

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
    power: async (machine: Machine) => {
      const ended = machine.description;
      const { unsyncedBytes } = machine.losePower();
      const observation = `${ended} is gone, and the power with ${unsyncedBytes} bytes of files not synced`;
      const whole = { subject: machine.id, observation: "the power is back", proves: true };
      return injection([{ subject: machine.id, observation, proves: machine.process === null }], async () => [whole]);
    },
    hog: async (machine: Machine, { action, time }: { action: Extract<NodeAction, { kind: "hog" }>; time: Clock }) => {
      const busyMs = hogSliceMs * (action.share ?? usualHogShare);
      const letGo = runInSlices(machine, stops, time, busyMs);
      const waitedMs = await waitedForCpuMs(machine, time);
      return injection([waitEvidence(machine, waitedMs, waitedMs > 0)], async () => {
        letGo();
        if (stops.isHeld(machine.id)) return [heldByOthers(machine.id)];
        const stillMs = await waitedForCpuMs(machine, time);
        return [waitEvidence(machine, stillMs, stillMs === 0)];
      });
    },
  };
}

/** Stops the process for so long in each slice, until the answer is called. */
function runInSlices(machine: Machine, stops: Shares, time: Clock, busyMs: number): () => void {
  let release = (): void => {};
  const run = (): void => {
    release();
    if (!stops.isHeld(machine.id)) machine.process?.resume();
  };
  const stop = (): Cancel => {
    release = stops.take([machine.id]);
    machine.process?.pause();
    return time.after(busyMs, () => {
      run();
      cancel = time.after(hogSliceMs - busyMs, () => {
        cancel = stop();
      });
    });
  };
  let cancel = stop();
  return () => {
    cancel();
    run();
  };
}

const observedMs = 2 * hogSliceMs;
const sampleMs = 10;

/** How long the process was not scheduled, within the time that it is observed. */
async function waitedForCpuMs(machine: Machine, time: Clock): Promise<number> {
  let waitedMs = 0;
  for (let passedMs = 0; passedMs < observedMs; passedMs += sampleMs) {
    await sleepMs(time, sampleMs);
    if (machine.process?.state === "paused") waitedMs += sampleMs;
  }
  return waitedMs;
}

function waitEvidence({ id, description }: Machine, waitedMs: number, proves: boolean): Evidence {
  const observation = `${description} waited ${waitedMs} of ${observedMs} ms for its CPU`;
  return { subject: id, observation, proves };
}

function stateEvidence(machine: Machine, wanted: "paused" | "running"): Evidence {
  const state = machine.process?.state;
  const observation = state === undefined ? machine.description : `${machine.description} is ${state}`;
  return { subject: machine.id, observation, proves: state === wanted };
}

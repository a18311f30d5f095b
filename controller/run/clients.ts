import type { Host } from "../../hosts/host.ts";
import { scheduleShape } from "../../nemesis/schedule.ts";
import type { Run } from "./run-context.ts";
import type { Worker } from "./scheduler.ts";
import { watchStalls } from "./stalls.ts";
import { createWorkers } from "./workers.ts";

/** The clients of a run. On disposal, and when the run is aborted, they are closed: what is under way then ends in `info`. */
export interface Clients extends Disposable {
  readonly workers: readonly Worker[];
}

/** Also records when this process stands still for longer than clients wait. */
export function connectClients({ plan, world, recording, signal }: Run, host: Host): Clients {
  const shape = scheduleShape(plan.system.failureDetectionMs(plan.knobs));
  const workers = createWorkers(plan, world, host, shape.faultMs[1]);
  const shortestTimeoutMs = Math.min(...workers.map(({ timeoutMs }) => timeoutMs));
  const stopWatching = watchStalls(world.clock, shortestTimeoutMs, (stall) => {
    recording.record({ process: "controller", type: "info", f: "stall", value: stall });
  });
  const closeAll = (): void => {
    for (const { client } of workers) client.close();
  };
  signal.addEventListener("abort", closeAll);
  return {
    workers,
    [Symbol.dispose]: () => {
      signal.removeEventListener("abort", closeAll);
      stopWatching();
      closeAll();
    },
  };
}

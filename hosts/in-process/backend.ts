import { type MachineBackend, nothingCleaned } from "../backend.ts";
import { InProcessHost } from "./in-process-host.ts";

/** No machines at all: for a store that lives in the controller's own process. */
export const inProcess: MachineBackend = {
  kind: "machines",
  name: "in-process",
  description: "no machines: for a store inside the controller's own process; knows no faults",
  options: {},
  offers: {},
  requirements: [],
  create: async ({ nodes }) => new InProcessHost(nodes),
  clean: async () => nothingCleaned,
};

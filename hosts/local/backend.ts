import { join } from "node:path";
import type { MachineBackend } from "../backend.ts";
import { cleanLocal } from "./clean.ts";
import { localDoctor, requireBuilt } from "./doctor.ts";
import { createLocalHost, localCapabilities } from "./local-host.ts";

/** Real processes on this machine; needs neither root nor anything installed. */
export const local: MachineBackend = {
  kind: "machines",
  name: "local",
  description: "real processes on this machine, without root",
  capabilities: localCapabilities,
  ensureUsable: async () => requireBuilt("local"),
  create: ({ runId, nodes, folder, onProblem }) =>
    createLocalHost({ runId, nodes, stateDir: join(folder, "machine"), onProblem }),
  clean: cleanLocal,
  doctor: localDoctor,
};

import { join } from "node:path";
import type { MachineBackend } from "../backend.ts";
import { requireBuilt } from "./built.ts";
import { localCapabilities } from "./capabilities.ts";

/** Real processes on this machine; needs neither root nor anything installed. Its parts are loaded at the first call. */
export const local: MachineBackend = {
  kind: "machines",
  name: "local",
  description: "real processes on this machine, without root",
  capabilities: localCapabilities,
  ensureUsable: async () => requireBuilt("local"),
  create: async ({ runId, nodes, folder, onProblem }) => {
    const { createLocalHost } = await import("./local-host.ts");
    return createLocalHost({ runId, nodes, stateDir: join(folder, "machine"), onProblem });
  },
  clean: async () => (await import("./clean.ts")).cleanLocal(),
  doctor: async () => (await import("./doctor.ts")).localDoctor(),
};

import type { MachineBackend } from "../backend.ts";
import { requireBuilt } from "../local/built.ts";
import { dockerCapabilities } from "./capabilities.ts";

/**
 * A container for each node, in the Docker Engine of this machine. The client of the Engine is loaded at the first call:
 * help and runs on other backends do not pay for it.
 */
export const docker: MachineBackend = {
  kind: "machines",
  name: "docker",
  description: "a container for each node, in the Docker Engine of this machine",
  capabilities: dockerCapabilities,
  ensureUsable: async () => {
    requireBuilt("docker");
    const { connectEngine } = await import("./engine.ts");
    await connectEngine();
  },
  create: async (run) => (await import("./docker-host.ts")).createDockerHost(run),
  clean: async () => (await import("./clean.ts")).cleanDocker(),
  doctor: async () => (await import("./doctor.ts")).dockerDoctor(),
};

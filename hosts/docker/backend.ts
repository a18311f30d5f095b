import type { MachineBackend } from "../backend.ts";
import { requireBuilt } from "../local/doctor.ts";
import { cleanDocker } from "./clean.ts";
import { createDockerHost, dockerCapabilities } from "./docker-host.ts";
import { dockerDoctor } from "./doctor.ts";
import { connectEngine } from "./engine.ts";

/** A container for each node, in the Docker Engine of this machine. */
export const docker: MachineBackend = {
  kind: "machines",
  name: "docker",
  description: "a container for each node, in the Docker Engine of this machine",
  capabilities: dockerCapabilities,
  ensureUsable: async () => {
    requireBuilt("docker");
    await connectEngine();
  },
  create: createDockerHost,
  clean: cleanDocker,
  doctor: dockerDoctor,
};

import { agentOffers } from "../agent/offers.ts";
import type { MachineBackend } from "../backend.ts";
import { programs } from "../local/built.ts";
import { tried } from "../requirements.ts";

const startDocker = "start Docker (on Debian, as root: docker/ensure-docker.sh)";

/**
 * A container for each node, in the Docker Engine of this machine. The client of the Engine is loaded at the first call:
 * help and runs on other backends do not pay for it.
 */
export const docker: MachineBackend = {
  kind: "machines",
  name: "docker",
  description: "a container for each node, in the Docker Engine of this machine",
  offers: {
    ...agentOffers,
    cut: { means: "iptables in the container", remedy: "allow containers NET_ADMIN" },
  },
  requirements: [
    programs,
    {
      name: "daemon",
      check: () => tried(async () => (await import("./engine.ts")).engineVersion(), startDocker),
    },
    {
      name: "image",
      madeByRuns: true,
      check: () =>
        tried(async () => (await import("./image.ts")).presentImage(), "run any test on docker, which builds it"),
    },
  ],
  create: async (run) => (await import("./docker-host.ts")).createDockerHost(run),
  clean: async () => (await import("./clean.ts")).cleanDocker(),
};

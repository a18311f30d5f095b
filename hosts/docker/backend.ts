import { join } from "node:path";
import { runFiles } from "../../history/test-record.ts";
import { agentOffers } from "../agent/offers.ts";
import type { MachineBackend, Offer } from "../backend.ts";
import { type GivenOptions, valuesOf } from "../backend-option.ts";
import { programs } from "../local/built.ts";
import { tried } from "../requirements.ts";
import { netemMissing } from "./netem.ts";
import { dockerOptions } from "./options.ts";

const startDocker = "start Docker (on Debian, as root: docker/ensure-docker.sh)";

const iptables: Offer = { means: "iptables in the container", remedy: "allow containers NET_ADMIN" };
const trafficControl: Offer = { means: "tc htb in the container", remedy: "use a kernel with sch_htb" };
const netem: Offer = {
  means: "tc netem in the container",
  remedy: "use a kernel with sch_netem, or another fault or backend",
  missing: () => netemMissing(),
};

/**
 * A container for each node, in the Docker Engine of this machine. The client of the Engine is loaded at the first call:
 * help and runs on other backends do not pay for it.
 */
export const docker = {
  kind: "machines",
  name: "docker",
  description: "a container for each node, in the Docker Engine of this machine",
  options: dockerOptions,
  offers: {
    ...agentOffers,
    cut: iptables,
    "link-lossy": iptables,
    "link-reset": iptables,
    "link-rate": trafficControl,
    "link-slow": netem,
    "link-duplicate": netem,
    "link-reorder": netem,
  },
  requirements: [
    programs,
    {
      name: "daemon",
      check: () => tried(async () => (await import("./engine.ts")).engineVersion(), startDocker),
    },
    {
      name: "image",
      madeByRuns: (options) => imageOf(options) === undefined,
      check: (options) =>
        tried(
          async () => (await import("./image.ts")).presentImage(imageOf(options)),
          imageOf(options) === undefined
            ? "run any test on docker, which builds it"
            : "build or pull it, or omit --image",
        ),
    },
  ],
  create: async ({ options, folder, ...run }) => {
    const { createDockerHost } = await import("./docker-host.ts");
    const image = imageOf(options);
    const logsFolder = join(folder, runFiles.logs);
    return createDockerHost({ ...run, logsFolder, ...(image === undefined ? {} : { image }) });
  },
  attach: async (run, onProblem) => (await import("./docker-host.ts")).attachDockerHost(run, onProblem),
  clean: async () => (await import("./clean.ts")).cleanDocker(),
} as const satisfies MachineBackend;

function imageOf(options: GivenOptions): string | undefined {
  return valuesOf(dockerOptions, options).image;
}

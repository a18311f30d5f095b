import { clock } from "../agent/actions/clock.ts";
import { agentOffers } from "../agent/offers.ts";
import type { MachineBackend, Offer, Requirement } from "../backend.ts";
import type { GivenOptions } from "../backend-option.ts";
import { programs } from "../local/built.ts";
import type { needs } from "./inspect.ts";
import { sshOptions } from "./options.ts";

const setsClocks: Offer = { ...clock.offer, check: everywhere("libfaketime") };

/** Machines that exist already, a node each. The client of ssh is loaded at the first call. */
export const ssh = {
  kind: "machines",
  name: "ssh",
  description: "a machine for each node, reached by ssh",
  options: sshOptions,
  offers: {
    ...agentOffers,
    clock: setsClocks,
    "clock-monotonic": setsClocks,
    cut: { means: "iptables on the machine", remedy: "allow iptables there", check: everywhere("iptables") },
  },
  requirements: [
    programs,
    { name: "hosts", check: async (options, nodes) => (await import("./inspect.ts")).findHosts(options, nodes) },
    requirement("system"),
    requirement("node"),
    requirement("disk"),
    requirement("forwarding"),
    { name: "peers", check: async (options) => (await import("./inspect.ts")).findPeers(options) },
  ],
  create: async (run) => (await import("./ssh-host.ts")).createSshHost(run),
  attach: async (run, onProblem) => (await import("./ssh-host.ts")).attachSshHost(run, onProblem),
  clean: async () => (await import("./clean.ts")).cleanSsh(),
} as const satisfies MachineBackend;

/** Of the machines, which do not depend on one another: each is looked for. */
function requirement(name: keyof typeof needs): Requirement {
  return { name, check: everywhere(name), standsAlone: true };
}

function everywhere(name: keyof typeof needs) {
  return async (options: GivenOptions) => {
    const { findEverywhere, needs } = await import("./inspect.ts");
    return findEverywhere(needs[name], options);
  };
}

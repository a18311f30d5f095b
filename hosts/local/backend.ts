import { join } from "node:path";
import { runFiles } from "../../history/test-record.ts";
import { clock } from "../agent/actions/clock.ts";
import { findLibfaketime } from "../agent/clocks/preload.ts";
import { agentOffers } from "../agent/offers.ts";
import type { MachineBackend, Offer } from "../backend.ts";
import { findOwnDisks, ownDiskOffers } from "../own-disks.ts";
import { tried } from "../requirements.ts";
import { programs } from "./built.ts";

const setsClocks: Offer = {
  ...clock.offer,
  missing: () => (findLibfaketime() === null ? "libfaketime is not installed" : null),
};

const linkProxy: Offer = { means: "the link proxy", remedy: "let this user listen on 127.0.0.1" };

/** Real processes on this machine; needs neither root nor anything installed. Its parts are loaded at the first call. */
export const local: MachineBackend = {
  kind: "machines",
  name: "local",
  description: "real processes on this machine, without root",
  options: {},
  offers: {
    ...agentOffers,
    clock: setsClocks,
    "clock-monotonic": setsClocks,
    ...ownDiskOffers({ remedy: "run as root with xfsprogs installed", check: findOwnDisks }),
    cut: linkProxy,
    "link-slow": linkProxy,
    "link-lossy": linkProxy,
    "link-rate": linkProxy,
    "link-reset": linkProxy,
  },
  lacks: {
    "link-duplicate": "the link proxy carries byte streams, from which TCP removes duplicates",
    "link-reorder": "the link proxy carries byte streams, which TCP keeps in order",
  },
  requirements: [
    programs,
    {
      name: "process table",
      check: () =>
        tried(async () => {
          await (await import("./run-processes.ts")).findRunProcesses();
          return "processes of killed runs are found by their environment";
        }, "install `ps` (procps)"),
    },
  ],
  create: async ({ runId, nodes, ports, ownDisks, folder, onProblem }) => {
    const { createLocalHost } = await import("./local-host.ts");
    const own = { stateDir: join(folder, "machine"), logsFolder: join(folder, runFiles.logs) };
    return createLocalHost({ runId, nodes, ports, ownDisks, ...own, onProblem });
  },
  attach: async (run, onProblem) => (await import("./local-host.ts")).attachLocalHost(run, onProblem),
  clean: async () => (await import("./clean.ts")).cleanLocal(),
};

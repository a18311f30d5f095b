import { nothingCleaned, type SimulatedBackend } from "../backend.ts";

/** No machines: the system's own code in virtual time, where a minute passes in less than a second. */
export const sim: SimulatedBackend = {
  kind: "simulated",
  name: "sim",
  description: "virtual time: the same seed gives the same history, byte for byte",
  ensureUsable: async () => {},
  clean: async () => nothingCleaned,
  doctor: async () => [{ what: "sim", works: true, detail: "needs nothing; disks can be troubled here alone" }],
};

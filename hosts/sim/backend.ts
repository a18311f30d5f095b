import { nothingCleaned, type Offer, type Offers, type SimulatedBackend } from "../backend.ts";
import { capabilities } from "../host.ts";

const virtual: Offer = { means: "virtual time", remedy: "choose a system whose simulation has it" };

/** No machines: the system's own code in virtual time, where a minute passes in less than a second. */
export const sim: SimulatedBackend = {
  kind: "simulated",
  name: "sim",
  description: "virtual time: the same seed gives the same history, byte for byte",
  options: {},
  offers: Object.fromEntries(Object.keys(capabilities).map((name) => [name, virtual])) as Offers,
  requirements: [],
  clean: async () => nothingCleaned,
};

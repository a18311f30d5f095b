import type { Offer, Offers } from "../backend.ts";
import { actions } from "./actions/registry.ts";

/** What every agent can do to its machine. How links are cut is each backend's own. */
export const agentOffers: Offers = {
  kill: { means: "SIGKILL", remedy: "run on Linux or macOS" },
  ...Object.fromEntries(
    Object.entries<{ readonly offer: Offer | null }>(actions).flatMap(([name, { offer }]) =>
      offer === null ? [] : [[name, offer]],
    ),
  ),
};

import { linkFault } from "./link-fault.ts";

/** Losses that a store has to send again, or wait for: over TCP a lost packet stalls all that follows it. */
export const lossy = linkFault({
  name: "lossy",
  kind: "link-lossy",
  description: "lose a share of what nodes send to each other",
  band: { label: "lossy links", color: "#C77DFF" },
  draw: (random) => ({ kind: "link-lossy", share: random.pick([0.1, 0.2, 0.3]) }),
});

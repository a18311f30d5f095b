import { linkFault } from "./link-fault.ts";

/** Connections that break under way: whether what was sent last has arrived, the sender cannot know. */
export const reset = linkFault({
  name: "reset",
  kind: "link-reset",
  description: "reset the connections between nodes again and again",
  band: { label: "resets", color: "#EF476F" },
  draw: (random) => ({ kind: "link-reset", share: random.pick([0.02, 0.05, 0.1]) }),
});

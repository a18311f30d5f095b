import { linkFault } from "./link-fault.ts";

/** Duplicates, which must not count twice. */
export const duplicate = linkFault({
  name: "duplicate",
  kind: "link-duplicate",
  description: "deliver a share of what nodes send to each other twice",
  band: { label: "duplicates", color: "#80B918" },
  draw: (random) => ({ kind: "link-duplicate", share: random.pick([0.1, 0.3, 0.5]) }),
});

import { linkFault } from "./link-fault.ts";

/** Late packets, which must not undo what overtook them. */
export const reorder = linkFault({
  name: "reorder",
  kind: "link-reorder",
  description: "let a share of what nodes send to each other be overtaken",
  band: { label: "reordering", color: "#F4A261" },
  draw: (random) => ({ kind: "link-reorder", share: random.pick([0.1, 0.2, 0.3]) }),
});

import { linkFault } from "./link-fault.ts";

/** Delays that stay below an election timeout, and some that do not: followers then hear a leader too late. */
export const slow = linkFault({
  name: "slow",
  kind: "link-slow",
  description: "delay what nodes send to each other",
  band: { label: "slow links", color: "#5FA8D3" },
  draw: (random) => {
    const delayMs = random.pick([50, 100, 200, 500]);
    return { kind: "link-slow", delayMs, jitterMs: delayMs * random.pick([0, 0.2, 0.5]) };
  },
});

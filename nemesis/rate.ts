import { linkFault } from "./link-fault.ts";

/** Links that a loaded store fills: queues grow, and heartbeats wait behind entries. */
export const rate = linkFault({
  name: "rate",
  kind: "link-rate",
  description: "limit the rate at which nodes send to each other",
  band: { label: "narrow links", color: "#7F5539" },
  draw: (random) => ({ kind: "link-rate", bytesPerSecond: random.pick([8000, 32_000, 128_000]) }),
});

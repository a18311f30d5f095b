import { expect, it } from "vitest";
import { bundlesIn } from "./built.ts";

it("names the programs that were not built, and the remedy", () => {
  expect(bundlesIn("/nowhere")).toEqual({
    works: false,
    reason: "agent.mjs, raft-node.mjs and ssh-launch.mjs not in /nowhere",
    remedy: "run `npm run build`",
  });
});

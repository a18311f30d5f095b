import { expect, test } from "vitest";
import { VirtualTime } from "../../../time/virtual-time.ts";
import { raft } from "../system.ts";

function begin(knobs: Record<string, unknown>, network: Record<string, unknown> = {}) {
  const around = { clock: new VirtualTime(), nodes: ["n1", "n2", "n3"], seed: 1, readMode: "read-index" };
  return raft.simulated.begin({ ...around, knobs, world: { network }, onViolation: () => {} });
}

const calm = { slow: 0 };
const knobs = { electionTimeoutMs: 500, heartbeatMs: 100 };

test.each([
  { preVote: true, checkQuorum: true, bears: true },
  { preVote: false, checkQuorum: true, bears: false },
  { preVote: true, checkQuorum: false, bears: false },
])("a node that hears nobody and is heard is borne: $bears, with $preVote and $checkQuorum", ({ bears, ...set }) => {
  expect(begin({ ...knobs, ...set }, calm).bearsDeafNodes).toBe(bears);
});

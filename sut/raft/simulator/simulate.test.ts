import { expect, test } from "vitest";
import { VirtualTime } from "../../../time/virtual-time.ts";
import { raft } from "../system.ts";

function begin(knobs: Record<string, unknown>, network: Record<string, unknown> = {}) {
  const around = { clock: new VirtualTime(), nodes: ["n1", "n2", "n3"], seed: 1, readMode: "read-index" };
  return raft.simulated.begin({ ...around, knobs, world: { network }, onViolation: () => {} });
}

const calm = { slow: 0 };
const knobs = { electionTimeoutMs: 500, heartbeatMs: 100 };

test.each<{ when: string; owes: boolean; set?: Record<string, unknown>; network?: Record<string, unknown> }>([
  { when: "messages are in time", owes: true },
  {
    when: "one message in twenty is late by election timeouts",
    owes: true,
    network: { slow: 0.05, slowMs: [600, 5000] },
  },
  { when: "more are late, but by less than an election timeout", owes: true, network: { slow: 1, slowMs: [100, 499] } },
  { when: "more may be as late as an election timeout", owes: false, network: { slow: 0.06, slowMs: [100, 500] } },
  { when: "a new leader does not append a no-op", owes: false, set: { noop: false } },
])("a majority owes progress: $owes, when $when", ({ owes, set, network = calm }) => {
  expect(begin({ ...knobs, ...set }, network).owesProgress).toBe(owes);
});

test.each([
  { preVote: true, checkQuorum: true, bears: true },
  { preVote: false, checkQuorum: true, bears: false },
  { preVote: true, checkQuorum: false, bears: false },
])("a node that hears nobody and is heard is borne: $bears, with $preVote and $checkQuorum", ({ bears, ...set }) => {
  expect(begin({ ...knobs, ...set }, calm).bearsDeafNodes).toBe(bears);
});

import { expect, test } from "vitest";
import type { RaftStatus } from "../../sut/raft/client/status.ts";
import { describeNode } from "./describe.ts";
import type { NodeView } from "./local-cluster.ts";

const members = { incoming: ["n1", "n2"], outgoing: [], learners: ["n3"] };
const node = (id: string, changed: Partial<RaftStatus>): NodeView => ({
  ...{ id, http: "127.0.0.1:7001", state: "up" },
  status: {
    ...{ id, role: "follower", term: 7, leader: "n1", commitIndex: 4, lastApplied: 4 },
    ...{ lastLogIndex: 4, snapshotIndex: 0, membership: members },
    ...changed,
  },
});

test.each<readonly [string, NodeView]>([
  ["n1 leads term 7", node("n1", { role: "leader" })],
  ["n2 follows n1 in term 7", node("n2", {})],
  ["n2 follows no leader in term 7", node("n2", { leader: null })],
  ["n2 is a candidate in term 7", node("n2", { role: "candidate" })],
  ["n3 learns from n1 in term 7", node("n3", {})],
  ["n4 is a spare: no member, until it is added", node("n4", {})],
  ["n2 is paused", { ...node("n2", {}), state: "paused", status: null }],
  ["n2 has exited; its log says why", { ...node("n2", {}), state: "exited", status: null }],
])("%s", (words, view) => {
  expect(describeNode(view)).toBe(words);
});

import { setImmediate as turn } from "node:timers/promises";
import { render } from "ink-testing-library";
import { expect, test } from "vitest";
import type { RaftStatus } from "../../sut/raft/client/status.ts";
import type { NodeView } from "../cluster/local-cluster.ts";
import { ClusterView } from "./cluster-view.tsx";

const status = { id: "n1", role: "follower", term: 7, leader: "n2", commitIndex: 41, lastApplied: 40 } as const;
const membership = { incoming: ["n1", "n2", "n3"], outgoing: [], learners: [] };
const more = { lastLogIndex: 42, snapshotIndex: 20, membership };
const nodes: readonly NodeView[] = [
  { id: "n1", http: "127.0.0.1:7001", state: "up", status: { ...status, ...more } },
  { id: "n2", http: "127.0.0.1:7002", state: "up", status: { ...status, ...more, id: "n2", role: "leader" } },
  { id: "n3", http: "127.0.0.1:7003", state: "killed", status: null },
];

function shown() {
  const deeds: string[] = [];
  const app = render(
    <ClusterView
      title="three nodes"
      nodes={nodes}
      message="kill n3: pid 9 gone"
      onDeed={(key, node) => deeds.push(`${key} ${node}`)}
      onQuit={() => deeds.push("quit")}
    />,
  );
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await turn();
      app.stdin.write(key);
    }
    await turn();
  };
  return { frame: () => app.lastFrame() ?? "", press, deeds };
}

test("a row a node: state, role, term, leader, how far its log is, and where to ask it", () => {
  const frame = shown().frame();
  expect(frame).toMatch(/node +state +role +term +leader +last +commit +applied +snapshot +http/);
  expect(frame).toMatch(/1 +n1 +up +follower +7 +n2 +42 +41 +40 +20 +127\.0\.0\.1:7001/);
  expect(frame).toMatch(/2 +n2 +up +leader +7 +n2 +42/);
  expect(frame).toMatch(/3 +n3 +killed +127\.0\.0\.1:7003/);
  expect(frame).toContain("kill n3: pid 9 gone");
  expect(frame).toContain("k kill   p pause   r run again   t make it leader   q quit");
});

test("a learner and a spare are told from followers that vote", () => {
  const withOthers = (membership: RaftStatus["membership"]) =>
    render(
      <ClusterView
        title=""
        nodes={[{ id: "n1", http: "", state: "up", status: { ...status, ...more, membership } }]}
        message=""
        onDeed={() => undefined}
        onQuit={() => undefined}
      />,
    ).lastFrame();
  expect(withOthers({ incoming: ["n2"], outgoing: [], learners: ["n1"] })).toMatch(/n1 +up +learner/);
  expect(withOthers({ incoming: [], outgoing: [], learners: [] })).toMatch(/n1 +up +spare/);
  expect(withOthers({ incoming: ["n2"], outgoing: ["n1"], learners: [] })).toMatch(/n1 +up +follower/);
});

test("numbers and arrows select, letters do something to the selected node", async () => {
  const { press, deeds, frame } = shown();
  await press("k", "2", "k", "\u001B[B", "r", "\u001B[B", "p", "\u001B[A", "t", "9", "x", "2k");
  expect(deeds).toEqual(["k n1", "k n2", "r n3", "p n1", "t n3", "k n2"]);
  await expect.poll(frame).toMatch(/› +2 +n2/);
});

test("q and Ctrl-C quit", async () => {
  const { press, deeds } = shown();
  await press("q", "\u0003");
  expect(deeds).toEqual(["quit", "quit"]);
});

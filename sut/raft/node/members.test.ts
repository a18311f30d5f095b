import { afterEach, expect, test } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import { askOverHttp, httpTarget } from "../client/http.ts";
import { raft } from "../system.ts";
import { TestCluster } from "./test-cluster.ts";

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

/** Reasons that pass: the leader changed, or a learner is not that far yet. */
const passing = ["not-ready", "not-leader", "learner-behind", "outcome-unknown", "timeout", "transferring"];

/** Asks whoever leads, again while that may help. Where an attempt may have worked unseen, the members are the answer. */
async function ask(cluster: TestCluster, method: string, path: string, body?: object): Promise<unknown> {
  let mayHaveWorked = false;
  for (const deadline = performance.now() + patienceMs; ; ) {
    const leader = httpTarget(cluster.node(await cluster.leader(patienceMs)));
    const request = { method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await askOverHttp(leader, request, patienceMs).catch(() => null);
    const answer = response === null ? null : ((await response.json()) as { code: string });
    if (response?.status === 200) return answer;
    const code = answer?.code ?? "outcome-unknown";
    if (mayHaveWorked && ["already-member", "unknown-member"].includes(code)) return ask(cluster, "GET", "/members");
    mayHaveWorked ||= ["outcome-unknown", "timeout"].includes(code);
    if (!passing.includes(code) || performance.now() > deadline) {
      throw new Error(`${method} ${path}: ${response?.status} ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const voters = (...incoming: string[]) => ({
  incoming,
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
});

test("members change under writes: a spare joins, the leader goes, two are replaced; a restart keeps it all", async () => {
  cluster = await TestCluster.create(4, "read-index", {});
  cluster.initialVoters = ["n1", "n2", "n3"];
  cluster.startAll();
  const client = raft.client(cluster.nodes, {});
  let written = 0;
  let writing = true;
  const writer = (async () => {
    while (writing) {
      const outcome = await client.invoke({ f: "write", key: "k", value: written + 1 }, patienceMs);
      if (outcome.type === "ok") written++;
    }
  })();

  const joined = await ask(cluster, "POST", "/members", { id: "n4", role: "learner" });
  expect(joined).toEqual({ ...voters("n1", "n2", "n3"), learners: ["n4"] });
  expect(await ask(cluster, "POST", "/members/n4/promote")).toEqual(voters("n1", "n2", "n3", "n4"));
  const removed = await cluster.leader(patienceMs);
  await ask(cluster, "DELETE", `/members/${removed}`);
  await cluster.said(removed, "no voter any more", patienceMs);
  const left = ["n1", "n2", "n3", "n4"].filter((id) => id !== removed);
  expect(left).toContain(await cluster.leader(patienceMs));
  const next = [removed, left[0] as string];
  expect(await ask(cluster, "POST", "/members", { voters: next })).toEqual(expect.objectContaining({ outgoing: [] }));
  writing = false;
  await writer;
  expect(await client.invoke({ f: "write", key: "last", value: written }, patienceMs)).toMatchObject({ type: "ok" });
  client.close();
  expect(written).toBeGreaterThan(0);

  for (const { id } of cluster.nodes) await cluster.signal(id, "SIGKILL");
  cluster.startAll();
  const later = raft.client(cluster.nodes, {});
  expect(await later.invoke({ f: "read", key: "last" }, patienceMs)).toMatchObject({ type: "ok", value: written });
  later.close();
  const kept = (await ask(cluster, "GET", "/members")) as { incoming: string[] };
  expect(kept.incoming.toSorted()).toEqual(next.toSorted());
});

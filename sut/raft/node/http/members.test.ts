import { afterEach, expect, test } from "vitest";
import { patienceMs } from "../../../../tests/test-support/patience.ts";
import { askOverHttp, httpTarget } from "../../client/http.ts";
import { TestCluster } from "../test-cluster.ts";

let cluster: TestCluster | undefined;
afterEach(async () => cluster?.destroy());

async function call(id: string, path: string, method = "GET", body?: object): Promise<[number, unknown]> {
  const request = { method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await askOverHttp(httpTarget(cluster!.node(id)), request, patienceMs);
  return [response.status, await response.json()];
}

const refusal = (status: number, code: string) => [status, { error: { code, message: expect.any(String) } }];
const membership = (incoming: string[], learners: string[] = []) => ({
  ...{ incoming, learners },
  ...{ outgoing: [], learnersNext: [], autoLeave: false },
});

/** The leader and the two others, once a write went through. */
async function threeNodes(): Promise<[leader: string, one: string, other: string]> {
  cluster = await TestCluster.create(3, "read-index", {});
  cluster.startAll();
  const leader = await cluster.leader(patienceMs);
  expect(await call(leader, "/kv/k", "PUT", { first: true })).toEqual([200, { first: true }]);
  const [one, other] = cluster.nodes.map(({ id }) => id).filter((id) => id !== leader);
  return [leader, one!, other!];
}

test("a member is removed, comes back as a learner, votes again, and leads", async () => {
  const [leader, one, other] = await threeNodes();
  const rest = [leader, one].sort();
  expect(await call(leader, `/members/${other}`, "DELETE")).toEqual([200, membership(rest)]);
  expect(await call(leader, `/members/${other}`, "DELETE")).toEqual(refusal(404, "unknown-member"));
  expect(await call(leader, "/members", "POST", { id: "n9", role: "voter" })).toEqual(refusal(404, "unknown-member"));
  expect(await call(leader, "/transfer", "POST", { to: other })).toEqual(refusal(404, "unknown-member"));

  const learner = { id: other, role: "learner" };
  expect(await call(leader, "/members", "POST", learner)).toEqual([200, membership(rest, [other])]);
  expect(await call(leader, "/members", "POST", learner)).toEqual(refusal(409, "already-member"));
  expect(await call(leader, "/transfer", "POST", { to: other })).toEqual(refusal(409, "not-a-voter"));
  const promoted = () => call(leader, `/members/${other}/promote`, "POST");
  await expect.poll(promoted, { timeout: patienceMs }).toEqual([200, membership([...rest, other])]);

  expect(await call(leader, "/transfer", "POST", { to: leader })).toEqual(refusal(409, "already-leader"));
  const moved = await call(leader, "/transfer", "POST", { to: other });
  expect(moved).toEqual([200, { leader: other, term: expect.any(Number) }]);
  expect(await call(leader, "/kv/k")).toEqual([200, { first: true }]);
});

test("all voters change at once, and the leader that is not among them goes", async () => {
  const [leader, one, other] = await threeNodes();
  const voters = [one, other];
  const [status, members] = await call(one, "/members", "POST", { voters });
  expect([status, (members as { incoming: string[] }).incoming.toSorted()]).toEqual([200, voters.toSorted()]);
  await expect.poll(() => call(one, "/kv/k"), { timeout: patienceMs }).toEqual([200, { first: true }]);
  expect(voters).toContain(await cluster?.leader(patienceMs));
  expect(await call(leader, "/status")).not.toMatchObject([200, { role: "leader" }]);
});

test("a learner that cannot have caught up is not promoted; a voter that is not reached does not take over", async () => {
  const [leader, one, other] = await threeNodes();
  await call(leader, `/members/${other}`, "DELETE");
  await cluster!.signal(other, "SIGKILL");
  await call(leader, "/members", "POST", { id: other, role: "learner" });
  expect(await call(leader, `/members/${other}/promote`, "POST")).toEqual(refusal(409, "learner-behind"));
  await cluster!.signal(one, "SIGSTOP");
  expect(await call(leader, "/transfer", "POST", { to: one })).toEqual(refusal(504, "timed-out"));
});

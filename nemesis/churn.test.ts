import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import type { Administration, MembershipChange } from "../sut/administration.ts";
import { churn } from "./churn.ts";
import { fewestVoters } from "./membership.ts";
import { siteWith } from "./test-support/site.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const [two] = churn.variants;

/** What is asked for where these are the voters, before anything was answered. */
async function askedOf(voters: readonly string[]): Promise<readonly (readonly string[])[]> {
  const choice = two.choose({ nodes, leader: "n1", members: { voters, learners: [] } }, randomStream(3, "changes"));
  const asked: MembershipChange[] = [];
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const administration: Partial<Administration> = {
    changeMembers: async (_cluster, change) => {
      asked.push(change);
      await answer;
      return { done: true, observation: "as you wish" };
    },
  };
  const site = { ...siteWith({ nodes: [] }), administration: administration as Administration };
  const made = churn.make(site, choice);
  await Promise.resolve();
  const askedAtOnce = asked.map((change) => (change.type === "voters" ? change.voters : []));
  resolve();
  expect(await made).toHaveLength(2);
  return askedAtOnce;
}

/** Who is in one of the two and not in the other. */
function between(one: readonly string[], other: readonly string[]): string[] {
  return nodes.filter((node) => one.includes(node) !== other.includes(node));
}

test("two voters that do not lead are removed, one by one, and the second is not kept waiting", async () => {
  const [first, second] = await askedOf(nodes);
  expect([between(nodes, first!).length, between(first!, second!).length]).toEqual([1, 1]);
  expect(second).toHaveLength(3);
  expect(second).toContain("n1");
});

test("where nobody can be spared two nodes are made voters", async () => {
  const [first, second] = await askedOf(["n1", "n2", "n3"]);
  expect(first).toHaveLength(4);
  expect(second).toEqual(nodes);
});

test.each([3, 4, 5, 7])("of %i nodes enough go on voting, and something changes", (count) => {
  const cluster = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  let voters: readonly string[] = cluster;
  for (let seed = 1; seed <= 20; seed++) {
    const leader = voters[seed % voters.length]!;
    const view = { nodes: cluster, leader, members: { voters, learners: [] } };
    const { change } = two.choose(view, randomStream(seed, "changes"));
    const next = change?.type === "voters" ? change.voters : [];
    expect(next.join(), `seed ${seed}`).not.toBe([...voters].sort().join());
    expect(next.length).toBeGreaterThanOrEqual(fewestVoters(count));
    expect(next.filter((node) => voters.includes(node))).toContain(leader);
    voters = next;
  }
});

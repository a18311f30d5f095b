import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import { randomStream } from "../random/stream.ts";
import type { Administration, Members, MembershipChange } from "../sut/administration.ts";
import type { FaultSite } from "./fault.ts";
import { fewestVoters, membership } from "./membership.ts";

/** What becomes of the members, by the meaning of each change. Throws on one that no cluster would allow. */
function after({ voters, learners }: Members, change: MembershipChange): Members {
  const without = (nodes: readonly string[], node: string) => nodes.filter((other) => other !== node);
  if (change.type === "voters") {
    return { voters: change.voters, learners: learners.filter((learner) => !change.voters.includes(learner)) };
  }
  const { node } = change;
  const [votes, learns] = [voters.includes(node), learners.includes(node)];
  if (change.type === "add-learner" && !votes && !learns) return { voters, learners: [...learners, node] };
  if (change.type === "promote" && learns) return { voters: [...voters, node], learners: without(learners, node) };
  if (change.type === "remove" && (votes || learns)) {
    return { voters: without(voters, node), learners: without(learners, node) };
  }
  throw new Error(`${change.type} ${node} with voters ${voters} and learners ${learners}`);
}

test.each([3, 4, 5, 7])(
  "whatever is changed, %i nodes keep enough voters, and each change is one that can be made",
  (count) => {
    const nodes = Array.from({ length: count }, (_, index) => `n${index + 1}`);
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 30; seed++) {
      const random = randomStream(seed, "membership");
      let members: Members = { voters: nodes, learners: [] };
      for (let turn = 0; turn < 40; turn++) {
        const variant = random.pick(membership.variants);
        const { change } = variant.choose({ nodes, leader: random.pick(members.voters), members }, random);
        const next = after(members, change!);
        expect(next, `seed ${seed}, ${variant.name}`).not.toEqual(members);
        expect(next.voters.length).toBeGreaterThanOrEqual(fewestVoters(count));
        expect(new Set(next.voters).size).toBe(next.voters.length);
        expect(next.voters.some((voter) => members.voters.includes(voter))).toBe(true);
        kinds.add(change!.type);
        members = next;
      }
    }
    expect([...kinds].sort()).toEqual(["add-learner", "promote", "remove", "voters"]);
  },
);

test("the variant that aims at the leader takes its vote away", () => {
  const nodes = ["n1", "n2", "n3"];
  const leaderVariant = membership.variants.find(({ name }) => name === "leader")!;
  for (const voters of [nodes, ["n1", "n2"]]) {
    const cluster = { nodes, leader: "n2", members: { voters, learners: [] } };
    const { change } = leaderVariant.choose(cluster, randomStream(1, "x"));
    expect(after(cluster.members, change!).voters).not.toContain("n2");
  }
});

test("a change that the cluster refused is no proof; while nobody can be asked there is none to make", async () => {
  const refusing = {
    changeMembers: async () => ({ done: false, observation: "change-in-flight: …" }),
  } as unknown as Administration;
  const site = { host: { nodes: [] } as unknown as Host, administration: refusing } as unknown as FaultSite;
  const change = { type: "promote", node: "n4" } as const;
  expect(await membership.make(site, { nodes: ["n4"], change })).toEqual([
    { subject: "n4", observation: "change-in-flight: …", proves: false },
  ]);
  const blind = membership.variants[0]!.choose({ nodes: ["n1"], leader: null, members: null }, randomStream(1, "x"));
  await expect(membership.make(site, blind)).rejects.toThrow("no node could say who the members are");
});

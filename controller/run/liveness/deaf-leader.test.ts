import { expect, test } from "vitest";
import type { Choice, LastingFault } from "../../../nemesis/fault.ts";
import { settleLeader } from "./deaf-leader.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const seeds = Array.from({ length: 40 }, (_, seed) => seed);

/** A cluster that n1 leads until it is deaf and asleep; then the others come to follow this one, or nobody. */
function clusterOf(
  voters: readonly string[],
  { bearsDeafNodes = false, leadsUnanswered = false, successor = "n2" as string | null } = {},
) {
  const deeds: string[] = [];
  let waited = false;
  const broken: string[] = [];
  const nemesis = {
    breakForGood: async ({ name }: LastingFault, { nodes: hit, cut = [] }: Choice) => {
      deeds.push(`${name} ${hit.join()} ${cut.map((edge) => edge.join(">")).join()}`.trim());
      return broken.push(name) - 1;
    },
    heal: async (id: number) => void deeds.push(`heal ${broken[id]}`),
    healAll: async () => void deeds.push("heal all"),
  };
  const inside = {
    voters: () => [voters],
    followed: (by: readonly string[]) => (waited && !by.includes("n1") ? successor : "n1"),
    ...{ bearsDeafNodes, leadsUnanswered },
  };
  const wait = async (look: () => string | null) => {
    const before = look();
    waited = true;
    expect(before).toBe("no successor is followed");
    return look();
  };
  const settle = (seed: number) => {
    waited = false;
    return settleLeader({ seed, nodes, timeLimitMs: 1000 }, inside, nemesis, wait);
  };
  return { settle, deeds };
}

async function outcomes({ settle }: ReturnType<typeof clusterOf>): Promise<Set<string>> {
  const settled = new Set<string>();
  for (const seed of seeds) settled.add(JSON.stringify([...(await settle(seed))]));
  return settled;
}

test("the leader is to hear nobody, in some runs, where the store has to bear that", async () => {
  const cluster = clusterOf(nodes, { bearsDeafNodes: true });
  expect(await outcomes(cluster)).toEqual(new Set(["[]", '[["n1","deaf"]]']));
  expect(cluster.deeds).toEqual([]);
});

test("else it hears nobody as the leader of an old term, and its successor is to be down", async () => {
  const cluster = clusterOf(nodes, { leadsUnanswered: true });
  expect(await outcomes(cluster)).toEqual(new Set(["[]", '[["n1","broken"],["n2","down"]]']));
  expect(cluster.deeds.slice(-3)).toEqual(["partition n1 n2>n1,n3>n1,n4>n1,n5>n1", "pause n1", "heal pause"]);
});

test("where nobody follows it in time, all is healed and nothing settled", async () => {
  const cluster = clusterOf(nodes, { leadsUnanswered: true, successor: null });
  expect(await outcomes(cluster)).toEqual(new Set(["[]"]));
  expect(cluster.deeds.slice(-3)).toEqual(["partition n1 n2>n1,n3>n1,n4>n1,n5>n1", "pause n1", "heal all"]);
});

test("nothing is done where the others could not spare the successor, or where an unanswered leader campaigns", async () => {
  for (const cluster of [clusterOf(nodes.slice(0, 4), { leadsUnanswered: true }), clusterOf(nodes)]) {
    expect(await outcomes(cluster)).toEqual(new Set(["[]"]));
    expect(cluster.deeds).toEqual([]);
  }
});

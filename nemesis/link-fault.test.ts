import { expect, it } from "vitest";
import { randomStream } from "../random/stream.ts";
import type { ClusterView } from "./fault.ts";
import { lossy } from "./lossy.ts";
import { slow } from "./slow.ts";

const cluster: ClusterView = { nodes: ["n1", "n2", "n3"], leader: "n2", members: null };
const random = () => randomStream(1, "test");
const edgesOf = (name: string, view = cluster) =>
  slow.variants
    .find((variant) => variant.name === name)!
    .choose(view, random())
    .impaired?.edges.map((edge) => edge.join("->"));

it("hits what the leader sends, all of one node, one link both ways, or every edge", () => {
  expect(edgesOf("leader")).toEqual(["n2->n1", "n2->n3"]);
  expect(edgesOf("one")).toHaveLength(4);
  expect(new Set(edgesOf("edge")?.map((edge) => edge.split("->").sort().join()))).toHaveProperty("size", 1);
  expect(edgesOf("all")).toHaveLength(6);
});

it("hits all that the nodes of a target send and receive", () => {
  const { nodes, impaired } = slow.aim(["n1", "n3"], cluster, random());
  expect(nodes).toEqual(["n1", "n3"]);
  expect(impaired?.edges).toHaveLength(6);
});

it("spares edges that another fault cuts, where it can", () => {
  expect(edgesOf("leader", { ...cluster, cut: [["n2", "n1"]] })).toEqual(["n2->n3"]);
  const isolated: ClusterView = {
    ...cluster,
    cut: [
      ["n2", "n1"],
      ["n2", "n3"],
    ],
  };
  expect(edgesOf("leader", isolated)).toHaveLength(2);
});

it("draws how strong it is from the seed", () => {
  const drawn = (seed: number) => lossy.variants[0]!.choose(cluster, randomStream(seed, "test")).impaired?.impairment;
  expect(drawn(3)).toEqual(drawn(3));
  expect(new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(drawn(seed)))).size).toBeGreaterThan(1);
});

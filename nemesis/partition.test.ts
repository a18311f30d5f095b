import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import { partition } from "./partition.ts";

test("an edge is cut between the leader and one other node, each of them now and then", () => {
  const edge = partition.variants.find(({ name }) => name === "edge")!;
  const random = randomStream(1, "nemesis");
  const cluster = { nodes: ["n1", "n2", "n3"], leader: "n2", members: null };
  const cuts = Array.from({ length: 20 }, () => edge.choose(cluster, random));
  const others = cuts.map(({ cut }) => cut![0]![1]);
  expect([...new Set(others)].sort()).toEqual(["n1", "n3"]);
  expect(cuts.map(({ cut }) => cut)).toEqual(
    others.map((other) => [
      ["n2", other],
      [other, "n2"],
    ]),
  );
});

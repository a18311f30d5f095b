import fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { drawSeparation } from "./outsiders.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const voterSets = fc.array(fc.subarray(nodes, { minLength: 1 }), { minLength: 1, maxLength: 3 });

test("the core has a majority of every set of voters and needs each of its nodes; every other node is broken", () => {
  fc.assert(
    fc.property(fc.integer(), voterSets, fc.boolean(), (seed, voters, bearsDeaf) => {
      const { core, faults } = drawSeparation(nodes, voters, bearsDeaf, randomStream(seed, "test"));
      const enough = (of: readonly string[]) =>
        voters.every((set) => 2 * set.filter((node) => of.includes(node)).length > set.length);
      expect(enough(core)).toBe(true);
      const broken = faults.flatMap(({ choice }) => choice.nodes);
      expect([...broken, ...core].sort()).toEqual(nodes);
      for (const { choice } of faults) {
        for (const [from, to] of choice.cut ?? []) expect(core.includes(from) && core.includes(to)).toBe(false);
      }
    }),
  );
});

test("a node that is heard and hears nobody is left to stores that promise to bear it", () => {
  const isDeaf = (bearsDeaf: boolean) => (seed: number) => {
    const { faults } = drawSeparation(["n1", "n2", "n3"], [["n1", "n2", "n3"]], bearsDeaf, randomStream(seed, "test"));
    const cut = faults.flatMap(({ choice }) => choice.cut ?? []);
    return cut.length > 0 && cut.every(([, to]) => faults[0]!.choice.nodes.includes(to));
  };
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);
  expect(seeds.filter(isDeaf(true)).length).toBeGreaterThan(0);
  expect(seeds.filter(isDeaf(false))).toEqual([]);
});

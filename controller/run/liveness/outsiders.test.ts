import fc from "fast-check";
import { expect, test } from "vitest";
import { kill } from "../../../nemesis/kill.ts";
import { randomStream } from "../../../random/stream.ts";
import { drawSeparation } from "./outsiders.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const settledNodes = fc
  .dictionary(fc.constantFrom(...nodes), fc.constantFrom("deaf" as const, "down" as const))
  .map((fates) => new Map(Object.entries(fates)));
const voterSets = fc.array(fc.subarray(nodes, { minLength: 1 }), { minLength: 1, maxLength: 3 });

test("the core has a majority of every set of voters and needs each of its nodes; every other node is broken", () => {
  fc.assert(
    fc.property(fc.integer(), voterSets, fc.boolean(), settledNodes, (seed, voters, bearsDeaf, settled) => {
      const { core, faults } = drawSeparation(nodes, voters, { bearsDeaf, settled }, randomStream(seed, "test"));
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
  const three = ["n1", "n2", "n3"];
  const isDeaf = (bearsDeaf: boolean) => (seed: number) => {
    const random = randomStream(seed, "test");
    const { faults } = drawSeparation(three, [three], { bearsDeaf, settled: new Map() }, random);
    const cut = faults.flatMap(({ choice }) => choice.cut ?? []);
    return cut.length > 0 && cut.every(([, to]) => faults[0]!.choice.nodes.includes(to));
  };
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);
  expect(seeds.filter(isDeaf(true)).length).toBeGreaterThan(0);
  expect(seeds.filter(isDeaf(false))).toEqual([]);
});

test("whose fate is settled is an outsider where the others suffice, and is broken once", () => {
  const settled = new Map([
    ["n1", "broken"],
    ["n2", "down"],
  ] as const);
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { core, faults } = drawSeparation(
        nodes,
        [nodes],
        { bearsDeaf: false, settled },
        randomStream(seed, "test"),
      );
      expect(core).toEqual(["n3", "n4", "n5"]);
      expect(faults).toEqual([{ fault: kill, choice: { nodes: ["n2"] } }]);
    }),
  );
  const { core } = drawSeparation(["n1", "n2"], [["n1", "n2"]], { bearsDeaf: true, settled }, randomStream(1, "test"));
  expect(core).toEqual(["n1", "n2"]);
});

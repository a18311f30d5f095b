import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import type { Fault } from "./fault.ts";
import { takesTarget, variantsNamed } from "./named-variants.ts";
import { faults } from "./registry.ts";
import { targets } from "./targets.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const cluster = { nodes, leader: "n3", members: null };

function variantsOf(fault: Fault, name: string) {
  const named = variantsNamed(fault, name, nodes);
  return "variants" in named ? named.variants : [];
}

const aimable = faults.filter(takesTarget);

test("every fault that breaks nodes takes targets", () => {
  expect(aimable.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["partition", "kill", "pause", "suspend", "clock", "hog", "disk"]),
  );
});

test.each(aimable)("$name hits whom a target names, relative to the leader of the moment", (fault) => {
  const sizes = { leader: 1, followers: 4, majority: 3, minority: 2, one: 1, all: 5, n2: 1, "n1.n4": 2 };
  for (const [name, size] of Object.entries(sizes)) {
    // A fault may have a variant of the name, which then says itself whom it hits.
    const aimed = variantsOf(fault, name).filter((variant) => !fault.variants.includes(variant as never));
    for (const variant of aimed) {
      const { nodes: hit } = variant.choose(cluster, randomStream(1, name));
      expect(hit, variant.name).toHaveLength(size);
      expect(nodes).toEqual(expect.arrayContaining([...hit]));
      if (name === "leader") expect(hit).toEqual(["n3"]);
      if (name === "followers") expect(hit).not.toContain("n3");
      if (name.startsWith("n")) expect(hit).toEqual(name.split("."));
    }
  }
  expect(variantsOf(fault, "n2").length).toBeGreaterThan(0);
});

test("a schedule that names what was aimed finds the same variant again", () => {
  for (const fault of aimable) {
    for (const { name } of [...targets, { name: "n2" }]) {
      for (const variant of variantsOf(fault, name)) {
        expect(variantsOf(fault, variant.name).map((found) => found.name)).toEqual([variant.name]);
      }
    }
  }
});

test("a partition cuts its target off as a whole, and all nodes from each other", () => {
  const cutOf = (name: string) => variantsOf(faults[0]!, name)[0]!.choose(cluster, randomStream(1, name)).cut;
  expect(cutOf("n1.n2")).toHaveLength(2 * 2 * 3);
  expect(cutOf("all")).toHaveLength(5 * 4);
});

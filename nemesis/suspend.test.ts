import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import { injection } from "../hosts/injection.ts";
import { randomStream } from "../random/stream.ts";
import type { FaultSite } from "./fault.ts";
import { suspend } from "./suspend.ts";
import { siteWith } from "./test-support/site.ts";

/** A host that writes down what is done to it. */
function siteThatTells(deeds: string[]): FaultSite {
  const done = (what: string, subjects: readonly string[], undone: string) => {
    const note = (did: string) =>
      subjects.map((subject) => {
        deeds.push(`${did} ${subject}`);
        return { subject, observation: did, proves: true };
      });
    return injection(note(what), async () => note(undone));
  };
  const host: Partial<Host> = {
    cut: async (edges) =>
      done(
        "cut",
        edges.map(([from, to]) => `${from}>${to}`),
        "mend",
      ),
    inject: async (node, { kind }) => done(kind, [node], "resume"),
  };
  return siteWith(host);
}

test("a suspended node loses its links with its time, gets its time back first, and both are told as evidence", async () => {
  const cluster = { nodes: ["n1", "n2", "n3"], leader: "n2", members: null };
  const leader = suspend.variants.find(({ name }) => name === "leader")!;
  const choice = leader.choose(cluster, randomStream(1, "nemesis"));
  const deeds: string[] = [];
  const broken = await suspend.inject(siteThatTells(deeds), choice);
  expect(deeds.splice(0).sort()).toEqual(["cut n1>n2", "cut n2>n1", "cut n2>n3", "cut n3>n2", "pause n2"]);
  const healed = await broken.heal();
  expect(deeds).toEqual(["resume n2", "mend n2>n1", "mend n2>n3", "mend n1>n2", "mend n3>n2"]);
  expect([broken.evidence, healed].map((evidence) => evidence.length)).toEqual([5, 5]);
});

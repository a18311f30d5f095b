import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import { randomStream } from "../random/stream.ts";
import type { FaultSite } from "./fault.ts";
import { suspend } from "./suspend.ts";

/** A host that writes down what is done to it. */
function siteThatTells(deeds: string[]): FaultSite {
  const deed = (what: string, subject: string) => {
    deeds.push(`${what} ${subject}`);
    return { subject, observation: what, proves: true };
  };
  const host: Partial<Host> = {
    cut: async (edges) => edges.map(([from, to]) => deed("cut", `${from}>${to}`)),
    pause: async (node) => deed("pause", node),
    resume: async (node) => deed("resume", node),
    mend: async () => [deed("mend", "all")],
  };
  const restart = () => Promise.reject(new Error("nothing was killed"));
  return { host: host as Host, administration: null, restart };
}

test("a suspended node loses its links with its time, gets its time back first, and both are told as evidence", async () => {
  const cluster = { nodes: ["n1", "n2", "n3"], leader: "n2", members: null };
  const leader = suspend.variants.find(({ name }) => name === "leader")!;
  const choice = leader.choose(cluster, randomStream(1, "nemesis"));
  const deeds: string[] = [];
  const broken = await suspend.inject(siteThatTells(deeds), choice);
  expect(deeds.splice(0).sort()).toEqual(["cut n1>n2", "cut n2>n1", "cut n2>n3", "cut n3>n2", "pause n2"]);
  const healed = await suspend.heal(siteThatTells(deeds), choice);
  expect(deeds).toEqual(["resume n2", "mend all"]);
  expect([broken, healed].map((evidence) => evidence.length)).toEqual([5, 2]);
});

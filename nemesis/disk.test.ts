import { expect, test } from "vitest";
import type { Host, NodeAction } from "../hosts/host.ts";
import { injection } from "../hosts/injection.ts";
import { randomStream } from "../random/stream.ts";
import { disk } from "./disk.ts";
import type { FaultSite } from "./fault.ts";
import { healFault, injectFault } from "./run-fault.ts";
import { siteWith } from "./test-support/site.ts";

const due = (name: string) => ({
  ...{ id: 1, atMs: 0, durationMs: 1, fault: disk },
  variant: disk.variants.find((variant) => variant.name === name)!,
});

/** A site that notes what is done to it; whether the node runs, and starts when it is asked to, is said by the test. */
function site(runsAtFirst: boolean, starts = runsAtFirst): { readonly deeds: string[]; readonly site: FaultSite } {
  const deeds: string[] = [];
  let runs = runsAtFirst;
  const note = (...words: string[]) => {
    deeds.push(words.join(" "));
    return { subject: "node", observation: words.join(" "), proves: true };
  };
  const host: Partial<Host> = {
    kill: async (node) => {
      runs = false;
      return note("kill", node);
    },
    alive: async () => runs,
    inject: async (node, action) =>
      injection([note("trouble", node, action.kind.replace("disk-", ""))], async () => [note("mend", node)]),
  };
  return { deeds, site: siteWith(host, async (node) => ({ ...note("start", node), proves: starts })) };
}

test("a disk is troubled by what the variant is called, and whoever stopped for it starts again when it is whole", async () => {
  const { deeds, site: where } = site(false);
  const { injected } = await injectFault(due("full"), { nodes: ["n2"] }, where, 0);
  const healed = await healFault(due("full"), { nodes: ["n2"] }, injected, 0);
  expect(deeds).toEqual(["trouble n2 full", "mend n2", "start n2"]);
  expect(healed).toMatchObject({ action: "heal", effective: false });
});

test("a node that bore it is left alone", async () => {
  const { deeds, site: where } = site(true);
  const { injected } = await injectFault(due("slow"), { nodes: ["n2"] }, where, 0);
  expect(await healFault(due("slow"), { nodes: ["n2"] }, injected, 0)).toMatchObject({ effective: true });
  expect(deeds).toEqual(["trouble n2 slow", "mend n2"]);
});

test("bits flip while the node is down; that it does not start with them is no failure of the fault", async () => {
  const { deeds, site: where } = site(true, false);
  expect((await injectFault(due("flip"), { nodes: ["n1"] }, where, 0)).record).toMatchObject({ effective: true });
  expect(deeds).toEqual(["kill n1", "trouble n1 flip", "start n1"]);
});

test("damage hits the bytes that a schedule asks for, and a target may be named beside the trouble", async () => {
  const asked: NodeAction[] = [];
  const host: Partial<Host> = {
    alive: async () => false,
    inject: async (_, action) => {
      asked.push(action);
      return injection([{ subject: "n1", observation: "hit", proves: true }], async () => []);
    },
  };
  const range = { file: "wal/", fromByte: 5, untilByte: 9 };
  const flip = due("flip");
  const named = { ...flip, variant: { ...flip.variant, name: "flip:n1" } };
  await injectFault(named, { nodes: ["n1"], damage: range }, siteWith(host), 0);
  expect(asked).toEqual([{ kind: "disk-flip", seed: expect.any(Number), ...range }]);
});

test("bits flip under a node that is down already", async () => {
  const { deeds, site: where } = site(false);
  expect((await injectFault(due("flip"), { nodes: ["n1"] }, where, 0)).record).toMatchObject({ effective: true });
  expect(deeds).toEqual(["trouble n1 flip", "start n1"]);
});

test("one voter is hit, the leader more often than another", () => {
  const members = { voters: ["n1", "n2", "n3"], learners: ["n4"] };
  const view = { nodes: ["n1", "n2", "n3", "n4"], leader: "n2", members };
  const random = randomStream(1, "test");
  const hit = Array.from({ length: 200 }, () => disk.variants[0]!.choose(view, random).nodes);
  expect(new Set(hit.flat())).toEqual(new Set(members.voters));
  expect(hit.every(({ length }) => length === 1)).toBe(true);
  expect(hit.flat().filter((node) => node === "n2").length).toBeGreaterThan(100);
});

import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import { randomStream } from "../random/stream.ts";
import { disk } from "./disk.ts";
import type { FaultSite } from "./fault.ts";
import { healFault, injectFault } from "./run-fault.ts";

const due = (name: string) => ({
  ...{ id: 1, atMs: 0, durationMs: 1, fault: disk },
  variant: disk.variants.find((variant) => variant.name === name)!,
});
const proven = async (subject: string, observation: string) => ({ subject, observation, proves: true });

/** A site that notes what is done to it; whether the node runs, and starts when it is asked to, is said by the test. */
function site(runs: boolean, starts = runs): { readonly deeds: string[]; readonly site: FaultSite } {
  const deeds: string[] = [];
  const note = (deed: string) => (node: string, what?: string) => {
    deeds.push([deed, node, what].filter((word) => word !== undefined).join(" "));
    return proven(node, deed);
  };
  const host = { kill: note("kill"), alive: async () => runs, disks: { trouble: note("trouble"), mend: note("mend") } };
  const restart = async (node: string) => ({ ...(await note("start")(node)), proves: starts });
  return { deeds, site: { host: host as Partial<Host> as Host, administration: null, restart } };
}

test("a disk is troubled by what the variant is called, and whoever stopped for it starts again when it is whole", async () => {
  const { deeds, site: where } = site(false);
  await injectFault(due("full"), { nodes: ["n2"] }, where, 0);
  const healed = await healFault(due("full"), { nodes: ["n2"] }, where, 0);
  expect(deeds).toEqual(["trouble n2 full", "mend n2", "start n2"]);
  expect(healed).toMatchObject({ action: "heal", effective: false });
});

test("a node that bore it is left alone", async () => {
  const { deeds, site: where } = site(true);
  await injectFault(due("slow"), { nodes: ["n2"] }, where, 0);
  expect(await healFault(due("slow"), { nodes: ["n2"] }, where, 0)).toMatchObject({ effective: true });
  expect(deeds).toEqual(["trouble n2 slow", "mend n2"]);
});

test("bits flip while the node is down; that it does not start with them is no failure of the fault", async () => {
  const { deeds, site: where } = site(true, false);
  expect(await injectFault(due("flip"), { nodes: ["n1"] }, where, 0)).toMatchObject({ effective: true });
  expect(deeds).toEqual(["kill n1", "trouble n1 flip", "start n1"]);
});

test("bits flip under a node that is down already", async () => {
  const { deeds, site: where } = site(false);
  expect(await injectFault(due("flip"), { nodes: ["n1"] }, where, 0)).toMatchObject({ effective: true });
  expect(deeds).toEqual(["trouble n1 flip", "start n1"]);
});

test("a host that knows no disks is a problem on record", async () => {
  const where = { host: { name: "steel" } as Host, administration: null, restart: (node: string) => proven(node, "") };
  expect(await injectFault(due("error"), { nodes: ["n1"] }, where, 0)).toMatchObject({
    effective: false,
    problem: "steel cannot trouble disks",
  });
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

import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import { injection } from "../hosts/injection.ts";
import { pause } from "./pause.ts";
import { healFault, injectFault } from "./run-fault.ts";
import { siteWith } from "./test-support/site.ts";

const due = { id: 4, atMs: 0, durationMs: 1, fault: pause, variant: pause.variants[0]! };

const paused = (proves: (node: string) => boolean): Partial<Host> => ({
  inject: async (node) =>
    injection([{ subject: node, observation: "state", proves: proves(node) }], async () => {
      throw new Error("no such process");
    }),
});

test("a fault that every target is shown to have felt is effective", async () => {
  const { record } = await injectFault(due, { nodes: ["n1", "n2"] }, siteWith(paused(() => true)), 7);
  expect(record).toMatchObject({ id: 4, action: "inject", effective: true });
});

test("one target without proof makes the fault ineffective", async () => {
  const site = siteWith(paused((node) => node === "n1"));
  expect((await injectFault(due, { nodes: ["n1", "n2"] }, site, 7)).record).toMatchObject({ effective: false });
});

test("an injection without any evidence is ineffective", async () => {
  expect((await injectFault(due, { nodes: [] }, siteWith({}), 7)).record).toMatchObject({ effective: false });
});

test("a healing that fails is a problem on record, not an exception", async () => {
  const { injected } = await injectFault(due, { nodes: ["n1"] }, siteWith(paused(() => true)), 7);
  expect(await healFault(due, { nodes: ["n1"] }, injected, 7)).toMatchObject({
    effective: false,
    problem: "no such process",
  });
});

test("an injection that fails halfway heals what it did, is on record, and leaves nothing to heal", async () => {
  const healed: string[] = [];
  const inject: Host["inject"] = async (node) => {
    if (node === "n2") throw new Error("n2 is gone");
    return injection([], async () => {
      healed.push(node);
      return [];
    });
  };
  const { record, injected } = await injectFault(due, { nodes: ["n1", "n2"] }, siteWith({ inject }), 7);
  expect(record).toMatchObject({ effective: false, problem: "n2 is gone" });
  expect(healed).toEqual(["n1"]);
  expect(await healFault(due, { nodes: ["n1", "n2"] }, injected, 8)).toMatchObject({ effective: true });
});

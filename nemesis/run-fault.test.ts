import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import type { FaultSite } from "./fault.ts";
import { pause } from "./pause.ts";
import { healFault, injectFault } from "./run-fault.ts";

const due = { id: 4, atMs: 0, durationMs: 1, fault: pause, variant: pause.variants[0]! };

function siteWith(overrides: Partial<Host>): FaultSite {
  const restart = async (node: string) => ({ subject: node, observation: "pid 2", proves: true });
  return { host: overrides as Host, administration: null, restart };
}

test("a fault that every target is shown to have felt is effective", async () => {
  const site = siteWith({ pause: async (node) => ({ subject: node, observation: "state T", proves: true }) });
  expect(await injectFault(due, { nodes: ["n1", "n2"] }, site, 7)).toMatchObject({
    id: 4,
    action: "inject",
    effective: true,
  });
});

test("one target without proof makes the fault ineffective", async () => {
  const site = siteWith({ pause: async (node) => ({ subject: node, observation: "state S", proves: node === "n1" }) });
  expect(await injectFault(due, { nodes: ["n1", "n2"] }, site, 7)).toMatchObject({ effective: false });
});

test("an injection without any evidence is ineffective", async () => {
  expect(await injectFault(due, { nodes: [] }, siteWith({}), 7)).toMatchObject({ effective: false });
});

test("a failing host is a problem on record, not an exception", async () => {
  const site = siteWith({ resume: () => Promise.reject(new Error("no such process")) });
  expect(await healFault(due, { nodes: ["n1"] }, site, 7)).toMatchObject({
    effective: false,
    problem: "no such process",
  });
});

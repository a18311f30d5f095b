import { expect, it } from "vitest";
import { findLibfaketime } from "./agent/clocks/preload.ts";
import type { MachineBackend } from "./backend.ts";
import { ownDiskCapabilities } from "./host.ts";
import { inProcess } from "./in-process/backend.ts";
import { InProcessHost } from "./in-process/in-process-host.ts";
import { local } from "./local/backend.ts";
import { findRunProcesses } from "./local/run-processes.ts";
import { findOwnDisks } from "./own-disks.ts";
import { probe } from "./probe.ts";
import { backends } from "./registry.ts";
import { tried } from "./requirements.ts";
import { sim } from "./sim/backend.ts";

it("tries each capability of local processes, and leaves nothing behind", async () => {
  const { requirements, capabilities } = await probe(local);
  expect(requirements.map(({ name, finding }) => [name, finding.works])).toEqual([
    ["programs", true],
    ["process table", true],
  ]);
  const needsPreload = (name: string) => name.startsWith("clock");
  const ownDisks = await findOwnDisks();
  const needsDisk = (name: string) => (ownDiskCapabilities as readonly string[]).includes(name);
  const works = (name: string) =>
    name in local.offers && (!needsPreload(name) || findLibfaketime() !== null) && (!needsDisk(name) || ownDisks.works);
  for (const [name, finding] of Object.entries(capabilities))
    expect([name, finding.works]).toEqual([name, works(name)]);
  expect(capabilities.cut).toMatchObject({ detail: expect.stringMatching(/^the link proxy: probe unanswered after/) });
  expect(capabilities["disk-flip"]).toMatchObject({
    detail: expect.stringMatching(/^changed bytes: \d bits? flipped: trial/),
  });
  expect(capabilities["disk-torn"]).toMatchObject({
    detail: expect.stringMatching(/^cut-off bytes: trial is cut off/),
  });
  expect(capabilities["disk-slow"]).toEqual({
    works: false,
    reason: "local does not support it",
    remedy: "use --backend sim",
  });
  expect((await findRunProcesses()).filter(({ run }) => run === `doctor-${process.pid}`)).toEqual([]);
});

it("needs no machines to know what virtual time can do", async () => {
  const { capabilities } = await probe(sim);
  expect(Object.values(capabilities).every(({ works }) => works)).toBe(true);
});

it("gives the reason and the remedy where a machine cannot do what its backend offers", async () => {
  const remedy = "be root";
  const offers = { kill: { means: "SIGKILL", remedy }, cut: { means: "iptables", remedy } };
  const create = async () => new InProcessHost(["n1", "n2"]);
  const crippled: MachineBackend = { ...inProcess, name: "cardboard", offers, create };
  const { capabilities } = await probe(crippled);
  const reason = "a node in the controller's own process cannot be cut off";
  expect(capabilities.cut).toEqual({ works: false, reason, remedy });
  const unmade = { ...crippled, create: () => Promise.reject(new Error("no cardboard is left")) };
  const withoutNodes = await probe({
    ...unmade,
    offers: { ...offers, kill: { means: "SIGKILL", remedy: "buy some" } },
  });
  const unstarted = { works: false, reason: "no node could be started: no cardboard is left" };
  expect(withoutNodes.capabilities).toMatchObject({
    kill: { ...unstarted, remedy: "buy some" },
    cut: { ...unstarted, remedy },
  });
  const broken = { works: false as const, reason: "no floor", remedy: "lay one" };
  const floorless = { ...crippled, requirements: [{ name: "floor", check: async () => broken }] };
  const found = await probe(floorless);
  expect(found.requirements).toEqual([{ name: "floor", finding: broken }]);
  expect(found.capabilities.kill).toEqual(broken);
  expect(found.capabilities.pause).toMatchObject({ reason: "cardboard does not support it" });
});

it("has an offer of some backend for every capability", async () => {
  const { capabilities } = await probe(inProcess);
  const able = Object.keys(capabilities).filter((name) => backends.some(({ offers }) => name in offers));
  expect(able).toEqual(Object.keys(capabilities));
  expect(await tried(async () => "fine", "none")).toEqual({ works: true, detail: "fine" });
});

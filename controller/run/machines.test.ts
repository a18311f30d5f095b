import { expect, test } from "vitest";
import type { Host } from "../../hosts/host.ts";
import { VirtualTime } from "../../time/virtual-time.ts";
import { prepareMachines } from "./machines.ts";
import type { Run } from "./run-context.ts";

test("machines whose versions cannot be recorded are used and removed all the same, with a warning", async () => {
  const warnings: string[] = [];
  const actions: string[] = [];
  const clock = new VirtualTime();
  const host = {
    versions: { engine: "Docker Engine 26", image: { name: "i", id: "sha256:1" }, packages: {} },
    collectLogs: async () => void actions.push("collect logs"),
    destroy: async () => void actions.push("destroy"),
  } as unknown as Host;
  const run = {
    plan: { nodes: ["n1"], needs: [], system: { ports: {} }, backendOptions: {} },
    world: { clock, createHost: async () => host },
    recording: { warn: (warning: string) => warnings.push(warning), phase: () => {} },
    folder: "/nowhere",
    tell: () => {},
  } as unknown as Run;
  await clock.run(async () => {
    await using machines = await prepareMachines(run);
    expect(machines.host).toBe(host);
  });
  expect(warnings[0]).toBe("no versions were recorded: test.json is gone from /nowhere");
  expect(actions).toEqual(["collect logs", "destroy"]);
});

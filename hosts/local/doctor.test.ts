import { expect, it } from "vitest";
import { bundlesRow } from "./built.ts";
import { localDoctor, tried } from "./doctor.ts";

it("tries each capability, and all work on a machine that runs these tests", async () => {
  const rows = await localDoctor();
  const capabilities = rows.filter(({ what }) => what !== "programs");
  expect(capabilities.map(({ what, works }) => [what, works])).toEqual([
    ["kill, pause", true],
    ["cut", true],
    ["clean", true],
  ]);
});

it("says what is missing, and the remedy", async () => {
  expect(bundlesRow("/nowhere")).toEqual({
    what: "programs",
    works: false,
    detail: "agent.mjs and raft-node.mjs not in /nowhere",
    remedy: "npm run build",
  });
  const failing = async () => {
    throw new Error("no permission");
  };
  expect(await tried("cut", failing, "be root")).toMatchObject({
    works: false,
    detail: "no permission",
    remedy: "be root",
  });
});

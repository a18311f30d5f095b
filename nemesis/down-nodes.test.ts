import { expect, test } from "vitest";
import type { Host } from "../hosts/host.ts";
import { DownNodes } from "./down-nodes.ts";

test("a node that two faults killed starts again when the second of them heals", async () => {
  let alive = true;
  const evidence = (observation: string) => ({ subject: "n1", observation, proves: true });
  const host: Partial<Host> = {
    alive: async () => alive,
    kill: async () => {
      const killed = { ...evidence("killed"), proves: alive };
      alive = false;
      return killed;
    },
  };
  const down = new DownNodes(host as Host, async () => {
    alive = true;
    return evidence("started");
  });
  const one = await down.kill("n1");
  const other = await down.kill("n1");
  expect([one.evidence, other.evidence]).toMatchObject([[{ proves: true }], [{ proves: false }]]);
  expect(await one.heal()).toEqual([evidence("another fault still holds it")]);
  expect(await down.startAgain("n1")).toEqual([evidence("another fault still holds it")]);
  expect(await other.heal()).toEqual([evidence("started")]);
  expect(await other.heal()).toEqual([]);
});

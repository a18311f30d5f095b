import { expect, test } from "vitest";
import type { NodeRecord } from "../../history/annotations.ts";
import type { Host, HostNode } from "../../hosts/host.ts";
import type { System } from "../../sut/system.ts";
import { wallClock } from "../../time/clock.ts";
import { leaderOf, observe } from "./observer.ts";

const node = (id: string) => ({ id }) as HostNode;

test("of two nodes that claim to lead, the one of the newer term does", () => {
  const records: NodeRecord[] = [
    { node: "n1", role: "leader", term: 3 },
    { node: "n2", role: "leader", term: 4 },
    { node: "n3", role: "follower", term: 5 },
  ];
  expect(leaderOf(records)).toBe("n2");
  expect(leaderOf(records.slice(2))).toBeNull();
});

test("a node that does not answer is unreachable while its process exists, and down when it is gone", async () => {
  const told: NodeRecord[] = [];
  const system = {
    inspector: {
      electsByTerms: true,
      inspect: async ({ id }: HostNode) => {
        if (id === "n1") return { node: "n1", role: "leader", term: 1, commitIndex: 0, lastApplied: 0 };
        throw new Error("no answer");
      },
    },
  } as unknown as System;
  const host = {
    nodes: [node("n1"), node("n2"), node("n3")],
    alive: async (id: string) => id === "n2",
  } as unknown as Host;
  const observer = observe(system, host, wallClock(), (record) => told.push(record));
  expect(await observer.look()).toEqual({ leader: "n1" });
  await observer[Symbol.asyncDispose]();
  expect(told.filter((record) => record.node === "n1")).toEqual([{ node: "n1", role: "leader", term: 1 }]);
  expect(told).toContainEqual({ node: "n2", role: "unreachable" });
  expect(told).toContainEqual({ node: "n3", role: "down" });
  expect(told).toHaveLength(3);
});

test("a store without roles has nodes that are up, and none that leads", async () => {
  const told: NodeRecord[] = [];
  class Plain {
    pings = 0;
    async ping() {
      this.pings++;
    }
  }
  const system = new Plain() as unknown as System;
  const host = { nodes: [node("n1")] } as unknown as Host;
  const observer = observe(system, host, wallClock(), (record) => told.push(record));
  expect(await observer.look()).toEqual({ leader: null });
  await observer[Symbol.asyncDispose]();
  expect(told).toEqual([{ node: "n1", role: "up" }]);
});

test("a store has its own words for roles, and says which of its nodes leads", async () => {
  const told: NodeRecord[] = [];
  const role = { n1: "primary", n2: "replica" } as const;
  const inspect = async ({ id }: HostNode) => ({ node: id, role: role[id as "n1" | "n2"], leads: id === "n1" });
  const system = { inspector: { electsByTerms: false, inspect } } as unknown as System;
  const host = { nodes: [node("n1"), node("n2")] } as unknown as Host;
  const observer = observe(system, host, wallClock(), (record) => told.push(record));
  expect(await observer.look()).toEqual({ leader: "n1" });
  await observer[Symbol.asyncDispose]();
  expect(told).toEqual([
    { node: "n1", role: "primary", leads: true },
    { node: "n2", role: "replica", leads: false },
  ]);
});

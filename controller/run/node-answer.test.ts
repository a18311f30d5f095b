import { expect, test } from "vitest";
import type { HostNode } from "../../hosts/host.ts";
import type { NodeObservation } from "../../sut/system.ts";
import { wallClock } from "../../time/clock.ts";
import { answered, withAnswer } from "./node-answer.ts";

const node = { id: "n1" } as HostNode;
const observation: NodeObservation = { node: "n1", role: "follower", commitIndex: 0, lastApplied: 0 };
const started = { subject: "n1", observation: "pid 7", proves: true };

test("a node that answers after a while is back, and that is told", async () => {
  let asked = 0;
  const observe = () => (++asked < 3 ? Promise.reject(new Error("refused")) : Promise.resolve(observation));
  const afterMs = await answered({ observe }, { alive: async () => true }, node, wallClock());
  expect(asked).toBe(3);
  expect(withAnswer(started, afterMs)).toMatchObject({ proves: true });
  expect(withAnswer(started, 120.4).observation).toBe("pid 7; answered after 120 ms");
});

test("a process that ended at once is not waited for, and proves nothing", async () => {
  const observe = () => Promise.reject(new Error("refused"));
  const afterMs = await answered({ observe }, { alive: async () => false }, node, wallClock());
  expect(withAnswer(started, afterMs)).toEqual({ subject: "n1", observation: "pid 7; never answered", proves: false });
});

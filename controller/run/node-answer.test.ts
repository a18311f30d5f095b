import { expect, test } from "vitest";
import type { HostNode } from "../../hosts/host.ts";
import { wallClock } from "../../time/clock.ts";
import { answered, whySilent, withAnswer } from "./node-answer.ts";

const node = { id: "n1" } as HostNode;
const started = { subject: "n1", observation: "pid 7", proves: true };

test("a node that answers after a while is back, and that is told", async () => {
  let asked = 0;
  const ping = () => (++asked < 3 ? Promise.reject(new Error("refused")) : Promise.resolve());
  const afterMs = await answered({ ping }, { alive: async () => true }, node, wallClock());
  expect(asked).toBe(3);
  expect(withAnswer(started, afterMs, "")).toMatchObject({ proves: true });
  expect(withAnswer(started, 120.4, "").observation).toBe("pid 7; answered after 120 ms");
});

test("a process that ended at once is not waited for, and proves nothing", async () => {
  const ping = () => Promise.reject(new Error("refused"));
  const afterMs = await answered({ ping }, { alive: async () => false }, node, wallClock());
  const silent = { subject: "n1", observation: "pid 7; never answered", proves: false };
  expect(withAnswer(started, afterMs, "")).toEqual(silent);
});

test("a process that ended says why: its exit code, its last log line and what the exit code stands for", async () => {
  const lastLine = JSON.stringify({ level: 60, msg: "cannot write the log", err: { message: "no space left" } });
  const end = { node: "n1", agoMs: 3, code: 75, signal: null, lastLine };
  const excusedExits = { 75: "its disk was full" };
  expect(await whySilent({ excusedExits }, { ends: async () => [end] }, "n1")).toBe(
    ": its process ended (exit code 75): cannot write the log: no space left (its disk was full)",
  );
  expect(await whySilent({}, { ends: async () => [end] }, "n2")).toBe("");
});

import { expect, test } from "vitest";
import type { HistoryEvent, Operation } from "../history/event.ts";
import { randomStream } from "../random/stream.ts";
import { simulate } from "./generators/simulate.ts";
import { register } from "./register.ts";

function history(seed: number, count: number): HistoryEvent[] {
  const generator = register.generator({ random: randomStream(seed, "workload"), concurrency: 10 });
  const perform = ({ f }: Operation) => ({ type: "ok" as const, ...(f === "read" ? { value: null } : {}) });
  return simulate(generator, { concurrency: 10, maxOperations: count, perform });
}

const drive = (seed: number, count: number) => history(seed, count).filter(({ type }) => type === "invoke");

const newValue = (operation: Operation) =>
  operation.f === "cas" ? (operation.value as [unknown, unknown])[1] : operation.value;

test("every value is written once, by write or cas", () => {
  const written = drive(1, 5000)
    .filter((operation) => operation.f !== "read")
    .map(newValue);
  expect(new Set(written).size).toBe(written.length);
});

test("a compare-and-set starts from the value that the key was last known to hold", () => {
  const held = new Map<string, unknown>();
  for (const event of history(2, 2000)) {
    const { f, type, key, value } = event;
    if (type === "invoke" && f === "cas") expect((value as [unknown, unknown])[0]).toBe(held.get(key!));
    if (type === "ok" && f !== "read") held.set(key!, newValue(event));
  }
});

test("a client that only reads is among every four, also when its process was retired", () => {
  const generator = register.generator({ random: randomStream(6, "workload"), concurrency: 8 });
  const events = simulate(generator, { concurrency: 8, maxOperations: 400, perform: () => ({ type: "info" }) });
  const asked = (client: number) =>
    new Set(events.filter(({ process }) => Number(process) % 8 === client).map(({ f }) => f));
  for (const client of [0, 4]) expect(asked(client)).toEqual(new Set(["read"]));
  for (const client of [1, 2, 3]) expect(asked(client).size).toBeGreaterThan(1);
});

test("the same seed gives the same operations", () => {
  expect(drive(3, 500)).toEqual(drive(3, 500));
  expect(drive(3, 500)).not.toEqual(drive(4, 500));
});

test("final reads cover every key that the load used", () => {
  const used = new Set(drive(5, 5000).map((operation) => operation.key));
  expect(new Set(register.finalReads([]).map((operation) => operation.key))).toEqual(used);
});

import { expect, test } from "vitest";
import type { HistoryEvent, Operation } from "../history/event.ts";
import { randomStream } from "../random/stream.ts";
import { register } from "./register.ts";

function drive(seed: number, count: number): Operation[] {
  const generator = register.generator({ random: randomStream(seed, "workload"), concurrency: 10 });
  const operations: Operation[] = [];
  for (let index = 0; index < count; index++) {
    const operation = generator.next(index % 10);
    if (operation === null) throw new Error("the register workload never ends by itself");
    operations.push(operation);
    const answer: HistoryEvent = { ...operation, index, time: index, process: index % 10, type: "ok" };
    generator.hear(operation.f === "read" ? { ...answer, value: null } : answer);
  }
  return operations;
}

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
  for (const operation of drive(2, 2000)) {
    if (operation.f === "cas") expect((operation.value as [unknown, unknown])[0]).toBe(held.get(operation.key!));
    if (operation.f !== "read") held.set(operation.key!, newValue(operation));
  }
});

test("a client that only reads is among every four, also when its process was retired", () => {
  const generator = register.generator({ random: randomStream(6, "workload"), concurrency: 8 });
  const asked = (process: number) => new Set(Array.from({ length: 100 }, () => generator.next(process)?.f));
  for (const process of [0, 4, 8, 12]) expect(asked(process)).toEqual(new Set(["read"]));
  for (const process of [1, 2, 3, 9]) expect(asked(process).size).toBeGreaterThan(1);
});

test("the same seed gives the same operations", () => {
  expect(drive(3, 500)).toEqual(drive(3, 500));
  expect(drive(3, 500)).not.toEqual(drive(4, 500));
});

test("final reads cover every key that the load used", () => {
  const used = new Set(drive(5, 5000).map((operation) => operation.key));
  expect(new Set(register.finalReads().map((operation) => operation.key))).toEqual(used);
});

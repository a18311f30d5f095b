import { expect, test } from "vitest";
import type { OperationView, Results } from "../../../analysis/results.ts";
import { digestViolations } from "./violations.ts";

const operation = (index: number, changes: Partial<OperationView>): OperationView => ({
  ...{ index, process: index, f: "write", key: "k", value: index, outcome: "ok" },
  ...{ invokedAtNs: index, completedAtNs: index + 1 },
  ...changes,
});

function scenesOf(operations: readonly OperationView[]) {
  const violation = { kind: "order", key: operations[0]!.key, sentence: "s", operations, orders: [] };
  const checkers = { register: { verdict: "invalid", summary: "s", violations: [violation] } };
  return digestViolations({ checkers } as unknown as Results, { faults: [], lanes: [], endNs: 100 }, null);
}

test("five values of 10 MB do not make the page large, and say how long they were", () => {
  const huge = "x".repeat(10_000_000);
  const list = Array.from({ length: 3_000_000 }, () => 1);
  const scenes = scenesOf([
    operation(1, { value: huge }),
    operation(2, { value: [huge, huge] }),
    operation(3, { value: list }),
    operation(4, { key: huge }),
    operation(5, { error: huge }),
  ]);
  expect(JSON.stringify(scenes).length).toBeLessThan(20_000);
  expect(scenes[0]!.operations[0]!.value).toBe(`"${"x".repeat(199)}… (10000002 characters)`);
});

test("other values stay as they are", () => {
  const [scene] = scenesOf([operation(1, { value: { a: [1, null, "b"] } })]);
  expect(scene!.operations[0]).toEqual(operation(1, { value: { a: [1, null, "b"] } }));
});

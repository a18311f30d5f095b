import { describe, expect, it, test } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { type ModelName, models } from "../models/registry.ts";
import { linearizable } from "../search/linearizable.ts";
import { done } from "../search/test-support/plays.ts";
import { eventsOf, type SeenOperation } from "../search/test-support/random-object.ts";

const random = randomStream(20260102, "hard histories");

function verdictOf(model: ModelName, operations: readonly SeenOperation[]): string {
  return linearizable(models[model].create()).check(eventsOf(operations)).verdict;
}

/** Concurrent puts of distinct values, then takes one after the other. */
describe.each([
  ["fifo-queue", "enqueue", "dequeue"],
  ["unordered-queue", "enqueue", "dequeue"],
  ["stack", "push", "pop"],
] as const)("300 concurrent puts into a %s", (model, put, take) => {
  const puts = Array.from({ length: 300 }, (_, value): SeenOperation => {
    return { f: put, asked: value, answer: done, inv: value, ret: 10_000 + value };
  });
  const takes = random.shuffle(puts).map(({ asked }, at): SeenOperation => {
    return { f: take, asked: null, answer: asked, inv: 20_000 + 10 * at, ret: 20_005 + 10 * at };
  });
  const empty = { f: take, asked: null, answer: null, inv: 30_000, ret: 30_001 };

  it("may come out in any order, and leave it empty", () => {
    expect(verdictOf(model, [...puts, ...takes, empty])).toBe("valid");
  });

  it("are not gone while one of them was not taken", () => {
    expect(verdictOf(model, [...puts, ...takes.slice(1), empty])).toBe("invalid");
  });

  it("may be gone when as many takes are of unknown outcome", () => {
    const unheard = { ...takes[0]!, answer: undefined, inv: 19_000 };
    expect(verdictOf(model, [...puts, unheard, ...takes.slice(1), empty])).toBe("valid");
    // Of stacks this is left to the search, which cannot decide so many.
    if (model !== "stack") expect(verdictOf(model, [...puts, unheard, ...takes.slice(2), empty])).toBe("invalid");
  });
});

describe.each<[string, (at: number) => number]>([
  ["ones", () => 1],
  ["the numbers up to 40", (at) => at + 1],
  ["powers of two", (at) => 2 ** at],
])("40 open additions of %s", (_, amountOf) => {
  const amounts = Array.from({ length: 40 }, (_, at) => amountOf(at));
  const additions = amounts.map((amount, at): SeenOperation => {
    return { f: "add", asked: amount, answer: undefined, inv: at, ret: 1000 };
  });
  let sum = 0;
  const reads = random.shuffle(amounts).flatMap((amount, at): SeenOperation[] => {
    sum += amount;
    return at % 4 === 3 ? [{ f: "read", asked: null, answer: sum, inv: 2000 + 10 * at, ret: 2005 + 10 * at }] : [];
  });

  it("explain what they came to", () => expect(verdictOf("counter", [...additions, ...reads])).toBe("valid"));

  it("explain no more than all of them", () => {
    const more = { f: "read", asked: null, answer: sum + 1, inv: 9000, ret: 9001 };
    expect(verdictOf("counter", [...additions, ...reads, more])).toBe("invalid");
  });
});

test("a sum that no choice of open additions comes to is told with the additions", () => {
  const additions = Array.from({ length: 40 }, (_, at): SeenOperation => {
    return { f: "add", asked: 2 ** at, answer: undefined, inv: at, ret: 1000 };
  });
  const reads = [5, 8, 13].map((answer, at): SeenOperation => {
    return { f: "read", asked: null, answer, inv: 2000 + 10 * at, ret: 2005 + 10 * at };
  });
  const result = linearizable(models.counter.create()).check(eventsOf([...additions, ...reads]));
  expect(result.summary).toMatch(/process 41 read 8 by .*, but no choice among 40 additions comes to 8 after 5$/);
  expect(result.violations[0]?.operations).toHaveLength(42);
});

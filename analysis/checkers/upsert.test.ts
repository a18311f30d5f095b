import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { objectOperations } from "../objects/operations.ts";
import { compareWithBruteForce, falseAlarms } from "../objects/test-support/compare.ts";
import type { SimulatedObject, SimulatedOperation } from "../objects/test-support/simulate.ts";
import { stepHistory } from "../test-support/step-history.ts";
import { upsertChecker } from "./upsert.ts";

const check = (text: string) => upsertChecker.check(stepHistory(text));

describe("a key", () => {
  it("has one entity at most, whoever sees it when", () => {
    expect(check("upsert 1; upsert 2 !present; read -> [1]; read -> []")).toMatchObject({
      verdict: "valid",
      created: 1,
    });
    expect(check("upsert 1 ?; read -> [1]; upsert 2 !present")).toMatchObject({ verdict: "valid" });
  });
  it("is not created twice, by answers or by what is read", () => {
    expect(check("upsert 1; upsert 2").summary).toMatchInlineSnapshot(
      `"key "x": process 0 created 1 by 0.01 s, and process 1 created 2 by 0.03 s, though a key has one entity at most"`,
    );
    expect(check("upsert 1; upsert 2 ?; read -> [1,2]").summary).toMatchInlineSnapshot(
      `"key "x": process 0 created 1 by 0.01 s, and process 2 read 2 by 0.05 s, though a key has one entity at most"`,
    );
    expect(check("upsert 1 ?; upsert 2 ?; read -> [1]; read -> [2]").summary).toMatchInlineSnapshot(
      `"key "x": process 2 read 1 by 0.05 s, and process 3 read 2 by 0.07 s, though a key has one entity at most"`,
    );
  });
  it("stays open where nothing was answered", () => {
    expect(check("upsert 1 ?")).toMatchObject({ cause: { code: "nothing-tested" } });
  });
});

/** Upserts and reads, some of them stale, of one key. */
const entities: SimulatedObject<{ entity: number | null; next: number }> = {
  start: () => ({ entity: null, next: 1 }),
  act: (state, random, _process, happens) => {
    if (random.integer(0, 1) === 0) {
      const isStale = random.integer(0, 2) === 0;
      return { f: "read", asked: null, answer: state.entity === null || isStale ? [] : [state.entity] };
    }
    const id = state.next++;
    const isFree = state.entity === null;
    if (happens && isFree) state.entity = id;
    return { f: "upsert", asked: id, answer: isFree ? id : null };
  },
  distort: (answer, random) => (Array.isArray(answer) ? random.pick([[], [1], [2], [1, 2]]) : answer),
};
const refused = (operations: SimulatedOperation[]): SimulatedOperation[] =>
  operations.map((op) => (op.type === "ok" && op.answer === null ? { ...op, type: "fail" } : op));

/** By the definition: some entity, or none, is all that was ever created and seen. */
function oneEntityExplains(events: readonly HistoryEvent[]): boolean {
  const answered = objectOperations(events).filter(({ outcome }) => outcome === "ok");
  const created = answered.filter(({ f }) => f === "upsert");
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].some(
    (entity) =>
      created.length <= 1 &&
      created.every(({ answer, asked }) => (answer ?? asked) === entity) &&
      answered.every(({ f, answer }) => f !== "read" || (answer as number[]).every((seen) => seen === entity)),
  );
}

/** Without any upsert a key holds something else, which is not judged. */
function hasUpsert(events: readonly HistoryEvent[]): boolean {
  return events.some(({ f }) => f === "upsert");
}

describe("against brute force", () => {
  const comparison = { checker: upsertChecker, object: entities, oracle: oneEntityExplains, isExact: hasUpsert };
  it("agrees on small histories", () => {
    const said = compareWithBruteForce({ ...comparison, finish: refused, histories: 100_000 });
    expect(said["valid"]).toBeGreaterThan(40_000);
    expect(said["invalid"]).toBeGreaterThan(3000);
  });
  it("agrees where refusals are taken for successes", () => {
    const said = compareWithBruteForce({ ...comparison, histories: 40_000, mayBeWrong: true });
    expect(said["invalid"]).toBeGreaterThan(10_000);
  });
  it("raises no false alarm in long histories", () => {
    const shape = { operations: 300, clients: 10, info: 0.05, fail: 0.05 };
    expect(falseAlarms(upsertChecker, entities, 10, shape, refused)).toEqual([]);
  });
});

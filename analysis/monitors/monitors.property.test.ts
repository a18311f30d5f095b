import { expect, it } from "vitest";
import { randomStream } from "../../random/stream.ts";
import { type ModelName, models } from "../models/registry.ts";
import { explainable } from "../search/brute-force.ts";
import { objectsOf } from "../search/collect.ts";
import { done, type Play, plays } from "../search/test-support/plays.ts";
import { distort, eventsOf, oracleAccepts, playHistory } from "../search/test-support/random-object.ts";
import { putOnce } from "./test-support/put-once.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
const histories = Number(process.env["KEELHAUL_HISTORIES"] ?? 30_000);

/** Compares a monitor with all orders, and what it shows of an invalid history with all orders of that. */
function compare(name: ModelName, put: string): Record<string, number> {
  const play = plays.find(({ model }) => model === name)!;
  const model = models[name].create();
  const decided: Record<string, number> = { valid: 0, invalid: 0, open: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, `monitor ${name}`);
    const ofHistory = putOnce(play, put);
    const info = random.pick([0, 0.1, 0.4]);
    const shape = { operations: random.integer(3, 10), clients: random.integer(2, 5), info, domain: 1 };
    const operations = playHistory(ofHistory, random, shape);
    for (let j = i % 3 === 0 ? 0 : random.integer(1, 3); j > 0; j--) distort(ofHistory, random, operations, 1);
    const [object] = objectsOf(eventsOf(operations), model);
    if (object === undefined || model.impossible!(object.operations) !== null) continue;
    const context = `history ${i} of KEELHAUL_SEED=${seed}, ${name}: ${JSON.stringify(operations)}`;
    const monitored = model.monitor!(object.operations);
    if (monitored === null) {
      decided["open"]!++;
      continue;
    }
    const verdict = monitored === "linearizable" ? "valid" : "invalid";
    decided[verdict]!++;
    expect(verdict, context).toBe(oracleAccepts(ofHistory, operations) ? "valid" : "invalid");
    if (monitored === "linearizable") continue;
    const shown = monitored.operations.map((place) => object.operations[place]!);
    expect(explainable(model, shown, [model.init]), `${context}, shown: ${JSON.stringify(monitored)}`).toBe(false);
  }
  return decided;
}

it.each([
  ["fifo-queue", "enqueue"],
  ["unordered-queue", "enqueue"],
] as const)("the monitor of %s decides every history whose values are enqueued once, as all orders do", (name, put) => {
  const { valid, invalid, open } = compare(name, put);
  expect(open).toBe(0);
  expect(valid).toBeGreaterThan(histories / 5);
  expect(invalid).toBeGreaterThan(histories / 20);
});

it("the monitor of stacks agrees with all orders, and leaves open only a few with pops of unknown outcome", () => {
  const { valid, invalid, open } = compare("stack", "push");
  expect(open).toBeLessThan(histories / 100);
  expect(valid).toBeGreaterThan(histories / 5);
  expect(invalid).toBeGreaterThan(histories / 20);
});

/** Amounts from some range, and answers that are off by some. */
function counterOf(least: number, most: number): Play {
  const play = plays.find(({ model }) => model === "counter")!;
  return {
    ...play,
    ask: (random) => {
      const amount = random.integer(least, most);
      return random.pick([
        { f: "read", value: null },
        { f: "add", value: amount },
        { f: "add", value: amount },
        { f: "incr", value: amount },
      ]);
    },
    lie: (random, _domain, f) => (f === "add" ? done : random.integer(4 * least, 4 * most)),
  };
}

it.each([
  ["ones", 1, 1, 0],
  ["growing amounts", 1, 5, 0],
  ["growing amounts and nothing", 0, 9, 0],
  ["falling amounts", -5, -1, 0],
  ["amounts of both signs", -3, 4, 1],
])("the monitor of counters agrees with all orders on %s", (_, least, most, mayBeOpen) => {
  const play = counterOf(least, most);
  const model = models.counter.create();
  const decided = { valid: 0, invalid: 0, open: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, `monitor counter ${least} ${most}`);
    const info = random.pick([0, 0.2, 0.5]);
    const shape = { operations: random.integer(3, 10), clients: random.integer(2, 6), info, domain: 1 };
    const operations = playHistory(play, random, shape);
    for (let j = i % 3 === 0 ? 0 : random.integer(1, 2); j > 0; j--) distort(play, random, operations, 1);
    const [object] = objectsOf(eventsOf(operations), model);
    if (object === undefined || model.impossible!(object.operations) !== null) continue;
    const monitored = model.monitor!(object.operations);
    if (monitored === null) {
      decided.open++;
      continue;
    }
    const context = `history ${i} of KEELHAUL_SEED=${seed}, counter: ${JSON.stringify(operations)}`;
    const verdict = monitored === "linearizable" ? "valid" : "invalid";
    decided[verdict]++;
    expect(verdict, context).toBe(oracleAccepts(play, operations) ? "valid" : "invalid");
    if (monitored === "linearizable") continue;
    const shown = monitored.operations.map((place) => object.operations[place]!);
    expect(shown.length, context).toBeGreaterThan(0);
  }
  if (mayBeOpen === 0) expect(decided).toMatchObject({ open: 0 });
  expect(decided.invalid).toBeGreaterThan(histories / 200);
});

import { expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { judgeRegisters } from "../register/judge.ts";
import { oracleAccepts } from "../test-support/oracle.ts";
import { corrupt, eventsOf, type Shape, simulate } from "../test-support/random-history.ts";
import type { Verdict } from "../verdict.ts";
import { OnlineRegister, type OnlineRegisterLimits } from "./register.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260103);

function randomHistory(history: number, shapeOf: (random: RandomStream) => Shape): HistoryEvent[] {
  const random = randomStream(seed + history, "online");
  const operations = simulate(random, shapeOf(random));
  for (let i = history % 2 === 0 ? 0 : random.integer(1, 2); i > 0; i--) corrupt(random, operations);
  return eventsOf(operations);
}

/** Forgets at every step, so that small histories meet it too. */
const atEveryStep = () => 1;

function online(events: readonly HistoryEvent[], limits: OnlineRegisterLimits = { retireAfter: atEveryStep }): Verdict {
  const checker = new OnlineRegister(limits);
  for (const event of events) checker.feed(event);
  return checker.finish().verdict;
}

const refused = (events: readonly HistoryEvent[]) => events.some(({ error }) => error === "cas-mismatch");

/** Compares with what is true. A refusal is not judged online, so that `valid` may be too good then; `invalid` never. */
function compare(history: number, events: readonly HistoryEvent[], verdict: Verdict, truth: Verdict): void {
  if (verdict === truth || verdict === "unknown" || (verdict === "valid" && refused(events))) return;
  throw new Error(
    `history ${history} of KEELHAUL_SEED=${seed}: ${verdict}, but it is ${truth}\n${JSON.stringify(events)}`,
  );
}

it("decides small histories of unique values as the offline check does", () => {
  const decided = { valid: 0, invalid: 0, unknown: 0, weaker: 0 };
  for (let i = 0; i < 100_000; i++) {
    const events = randomHistory(i, (random) => ({
      operations: random.integer(3, 14),
      clients: random.integer(2, 5),
      info: random.pick([0, 0.1, 0.4]),
      cas: random.pick([0, 0, 0.3, 0.6]),
      domain: 0,
    }));
    const verdict = online(events);
    const offline = judgeRegisters(events, null).result.verdict;
    const truth = offline === "unknown" && verdict === "invalid" ? oracle(events) : offline;
    compare(i, events, verdict, truth);
    decided[verdict]++;
    if (verdict !== truth) decided.weaker++;
  }
  expect(decided.valid).toBeGreaterThan(40_000);
  expect(decided.invalid).toBeGreaterThan(10_000);
  expect(decided.weaker).toBeLessThan(2000);
});

it("decides long histories as the offline check does", () => {
  const decided = { valid: 0, invalid: 0, unknown: 0 };
  for (let i = 0; i < 2000; i++) {
    const events = randomHistory(i, (random) => ({
      operations: random.integer(100, 300),
      clients: random.integer(2, 12),
      info: random.pick([0, 0.02, 0.2]),
      cas: random.pick([0, 0.2, 0.9]),
      domain: 0,
    }));
    const verdict = online(events, i % 4 < 2 ? { retireAfter: atEveryStep } : {});
    compare(i, events, verdict, judgeRegisters(events, null).result.verdict);
    decided[verdict]++;
  }
  expect(decided.valid).toBeGreaterThan(900);
  expect(decided.invalid).toBeGreaterThan(200);
});

it("is never wrong where values are written again, forgotten or not", () => {
  const decided = { valid: 0, invalid: 0, unknown: 0 };
  for (let i = 0; i < 30_000; i++) {
    const events = randomHistory(i, (random) => ({
      operations: random.integer(3, 9),
      clients: random.integer(1, 3),
      info: random.pick([0, 0.2]),
      cas: random.pick([0, 0.3]),
      domain: random.integer(2, 5),
    }));
    const verdict = online(events);
    compare(i, events, verdict, verdict === "unknown" ? "unknown" : oracle(events));
    decided[verdict]++;
  }
  expect(decided.valid).toBeGreaterThan(3000);
  expect(decided.invalid).toBeGreaterThan(1000);
});

function oracle(events: readonly HistoryEvent[]): Verdict {
  return oracleAccepts(events) ? "valid" : "invalid";
}

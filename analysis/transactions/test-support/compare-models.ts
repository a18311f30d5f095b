import type { HistoryEvent } from "../../../history/event.ts";
import { type RandomStream, randomStream } from "../../../random/stream.ts";
import type { Checker } from "../../checker.ts";
import type { TransactionsResult } from "../../results.ts";
import type { TransactionOptions } from "../list-append.ts";
import type { ModelName } from "../model-table.ts";
import { modelsThatHold, oracleModels } from "./model-oracle.ts";
import { randomTransactions, type Shape } from "./random-transactions.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);
/** How many histories; the checks of a release take 100,000. */
const histories = Number(process.env["KEELHAUL_ORACLE_HISTORIES"] ?? 2500);

export interface Tally {
  valid: number;
  invalid: number;
}

/**
 * Compares the checker with brute force under every model that brute force knows: throws on a false alarm, on a miss
 * and on a verdict that is left open. Answers how often each model held.
 */
export function compareModels(
  make: (options: TransactionOptions) => Checker<TransactionsResult>,
  kind: Shape["kind"],
): Map<string, Tally> {
  const all = make({ consistency: oracleModels });
  const tallies = new Map<string, Tally>(oracleModels.map((model) => [model, { valid: 0, invalid: 0 }]));
  for (let at = 0; at < histories; at++) {
    const random = randomStream(seed + at, `models of ${kind}`);
    const events = history(random, kind);
    const truth = modelsThatHold(events);
    const result = all.check(events);
    const alone = random.pick(oracleModels);
    const lone = make({ consistency: [alone] }).check(events);
    for (const { model, verdict } of [...result.models, ...lone.models]) {
      if (verdict === "unknown" && result.cause?.code === "nothing-tested") continue;
      if (verdict !== (truth.has(model as ModelName) ? "valid" : "invalid")) {
        const context = `history ${at} of KEELHAUL_SEED=${seed}: ${result.summary}\n${JSON.stringify(events)}`;
        throw new Error(`${model} is ${truth.has(model as ModelName)} and was said to be ${verdict}: ${context}`);
      }
    }
    for (const { model, verdict } of result.models) if (verdict !== "unknown") tallies.get(model)![verdict]++;
  }
  return tallies;
}

function history(random: RandomStream, kind: Shape["kind"]): HistoryEvent[] {
  const events = randomTransactions(random, {
    kind,
    transactions: random.integer(2, 5),
    clients: random.integer(2, 4),
    keys: random.integer(1, 3),
    info: random.pick([0, 0.1, 0.3]),
    abort: random.pick([0, 0.1]),
    faults: random.pick([0.05, 0.2, 0.5]),
    maxSteps: 3,
  });
  return random.fraction() < 0.5 ? events : events.map((event) => reanswered(random, kind, event, events));
}

type Step = readonly [f: string, key: string, value: unknown];

/** Reads answered by chance: with something that was written to the key at some time, or with nothing. */
function reanswered(
  random: RandomStream,
  kind: Shape["kind"],
  event: HistoryEvent,
  events: readonly HistoryEvent[],
): HistoryEvent {
  if (event.type !== "ok" || random.fraction() < 0.4) return event;
  const answersOf = (key: string): unknown[] => {
    const steps = events.filter(({ type }) => type === "ok").flatMap(({ value }) => value as readonly Step[]);
    const ofKey = steps.filter(([, other]) => other === key);
    const seen = ofKey.filter(([f]) => f === "r").map(([, , value]) => value);
    return kind === "append" ? seen : [null, ...ofKey.map(([, , value]) => value)];
  };
  const value = (event.value as readonly Step[]).map(([f, key, answer]) => {
    return f === "r" ? [f, key, random.pick(answersOf(key))] : [f, key, answer];
  });
  return { ...event, value };
}

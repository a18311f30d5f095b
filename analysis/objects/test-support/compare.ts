import type { HistoryEvent } from "../../../history/event.ts";
import { type RandomStream, randomStream } from "../../../random/stream.ts";
import type { Checker, CheckerResult } from "../../checker.ts";
import { explains, type SequentialObject } from "./oracle.ts";
import {
  corrupt,
  eventsOf,
  type Shape,
  type SimulatedObject,
  type SimulatedOperation,
  simulate,
  withoutSessions,
} from "./simulate.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

export interface Comparison<State> {
  readonly checker: Checker;
  readonly object: SimulatedObject<State>;
  /** What an order of operations has to be legal for; or, where no order is asked for, whether a history is right. */
  readonly oracle: SequentialObject | ((events: readonly HistoryEvent[]) => boolean);
  readonly histories: number;
  /** Whether processes matter, so that operations cannot be moved in time. */
  readonly sessions?: boolean;
  readonly shape?: (random: RandomStream) => Shape;
  /** Done to the operations last. */
  readonly finish?: (operations: SimulatedOperation[]) => SimulatedOperation[];
  /** Whether what was not corrupted may be wrong all the same. */
  readonly mayBeWrong?: boolean;
  /** Whether the checker must refuse whatever the oracle refuses. */
  readonly isExact: (events: readonly HistoryEvent[]) => boolean;
}

export const smallShape = (random: RandomStream): Shape => ({
  operations: random.integer(2, 9),
  clients: random.integer(2, 4),
  info: random.pick([0, 0, 0.2, 0.4]),
  fail: random.pick([0, 0.1]),
});

/**
 * Judges small random histories, half of them corrupted, by the checker and by brute force. What brute force explains
 * must never be invalid; what it does not explain must be, where the checker is exact. Returns how often what was said.
 */
export function compareWithBruteForce<State>(comparison: Comparison<State>): Record<string, number> {
  const { checker, object, oracle, histories, sessions = false, shape = smallShape, isExact } = comparison;
  const { finish = (operations) => operations, mayBeWrong = false } = comparison;
  const said: Record<string, number> = { valid: 0, invalid: 0, unknown: 0, missed: 0 };
  for (let i = 0; i < histories; i++) {
    const random = randomStream(seed + i, checker.name);
    const operations = simulate(random, object, shape(random));
    if (!sessions) withoutSessions(operations);
    for (let j = i % 2 === 0 ? 0 : random.integer(1, 2); j > 0; j--) corrupt(random, object, operations, !sessions);
    const events = eventsOf(finish(operations));
    const { verdict } = checker.check(events);
    said[verdict]!++;
    const explained = typeof oracle === "function" ? oracle(events) : explains(oracle, events);
    if (!explained && verdict !== "invalid") said["missed"]!++;
    const wrong = explained ? verdict === "invalid" : verdict !== "invalid" && isExact(events);
    const known = i % 2 === 0 && !explained && !mayBeWrong ? "brute force cannot explain what an object did" : null;
    if (!wrong && known === null) continue;
    const context = `history ${i} of KEELHAUL_SEED=${seed} for ${checker.name}`;
    throw new Error(`${context}: ${known ?? `${verdict}, explained ${explained}`}\n${lines(events)}`);
  }
  return said;
}

/** Simulates large histories, which are right by construction, and returns the results that are invalid. */
export function falseAlarms<State>(
  checker: Checker,
  object: SimulatedObject<State>,
  histories: number,
  shape: Shape,
  finish = (operations: SimulatedOperation[]): SimulatedOperation[] => operations,
): CheckerResult[] {
  return Array.from({ length: histories }, (_, i) => {
    const random = randomStream(seed + i, `${checker.name} large`);
    return checker.check(eventsOf(finish(simulate(random, object, shape))));
  }).filter(({ verdict }) => verdict === "invalid");
}

function lines(events: readonly HistoryEvent[]): string {
  return events.map(({ process, type, f, value }) => `${process} ${type} ${f} ${JSON.stringify(value)}`).join("\n");
}

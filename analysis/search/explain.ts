import { formatJson } from "../../history/exact-json.ts";
import type { Impossible, Model } from "../models/model.ts";
import { type Clock, forcedOrders, withClock } from "../register/orders.ts";
import { type RecordedOperation, viewOf } from "./collect.ts";
import type { Stuck } from "./decide.ts";
import type { Configuration } from "./exact.ts";
import type { Problem } from "./problem.ts";
import type { LongestPrefix, SearchViolation } from "./result.ts";

/** More states than this make a sentence nobody reads. */
const maxStatesTold = 3;

/** Why the operations on one object have no order: `shown` contradict each other, `stuck` is where orders end. */
export function explainStuck(
  model: Model,
  key: string,
  operations: readonly RecordedOperation[],
  problem: Problem,
  shown: readonly RecordedOperation[],
  stuck: Stuck,
): SearchViolation {
  const prefix = longestPrefix(model, operations, problem, stuck);
  const next = operations[placeOfNext(stuck)]!;
  const states = [...new Set(prefix.ends.map(({ state }) => state))];
  const sentence = withClock((seconds) => {
    const before = prefix.completed === 0 ? "at first" : "orders that explain all before it lead to where";
    return `${told(model, next, seconds)}, but no order allows that: ${before} ${alternatives(states)}`;
  });
  return { ...contradiction(key, shown, sentence), prefix };
}

/** An answer that needs no search to be refused. */
export function explainImpossible(
  model: Model,
  key: string,
  operations: readonly RecordedOperation[],
  impossible: Impossible,
): SearchViolation {
  const shown = impossible.operations.map((place) => operations[place]!);
  const sentence = withClock((seconds) => `${told(model, shown[0]!, seconds)}, but ${impossible.why}`);
  return contradiction(key, shown, sentence);
}

function contradiction(key: string, shown: readonly RecordedOperation[], sentence: string): SearchViolation {
  const sorted = [...shown].sort((a, b) => a.inv - b.inv);
  const actors = sorted.map((operation, op) => ({
    ...{ op, view: viewOf(operation), observed: null, written: null },
    ...{ invokedAt: operation.inv, completedAt: operation.ret },
  }));
  const operations = actors.map(({ view }) => view);
  return { kind: "not-linearizable", key, sentence, operations, orders: forcedOrders(actors) };
}

function longestPrefix(
  model: Model,
  operations: readonly RecordedOperation[],
  problem: Problem,
  stuck: Stuck,
): LongestPrefix {
  const { schedule, far, configurations } = stuck;
  const before = far === 0 ? null : operations[schedule.operations[schedule.returns[far - 1]!]!.place]!;
  return {
    completed: far,
    untilNs: before?.pair.completion?.time ?? 0,
    next: viewOf(operations[placeOfNext(stuck)]!),
    ends: configurations.map((configuration) => endOf(model, operations, problem, stuck, configuration)),
  };
}

function endOf(
  model: Model,
  operations: readonly RecordedOperation[],
  { machine }: Problem,
  { schedule }: Stuck,
  { state, waiting }: Configuration,
): LongestPrefix["ends"][number] {
  const value = machine.stateValue(state);
  return {
    state: describeState(model, value),
    waiting: waiting.map((op) => {
      const operation = operations[schedule.operations[op]!.place]!;
      const next = machine.step(state, schedule.letter[op]!);
      const why =
        next < 0
          ? (model.whyNot?.(value, operation) ?? `cannot happen when ${describeState(model, value)}`)
          : `would lead to where ${describeState(model, machine.stateValue(next))}, from where nothing leads on`;
      return { operation: operation.inv, why };
    }),
  };
}

function placeOfNext({ schedule, far }: Stuck): number {
  return schedule.operations[schedule.returns[far]!]!.place;
}

function describeState(model: Model, state: unknown): string {
  return model.describeState?.(state) ?? `the state is ${formatJson(state)}`;
}

function alternatives(states: readonly string[]): string {
  const told = states.slice(0, maxStatesTold).join(", or ");
  const more = states.length - maxStatesTold;
  return more > 0 ? `${told}, or ${more} more` : told;
}

/** "process 3 read 9 from n2 at 12.31 s". */
function told(model: Model, operation: RecordedOperation, seconds: Clock): string {
  const { process, node, completedAtNs, invokedAtNs, f, value } = viewOf(operation);
  const deed = model.tell?.(operation) ?? `did ${f} with ${formatJson(value)}`;
  return `process ${process} ${deed}${node === undefined ? "" : ` at ${node}`} by ${seconds(completedAtNs ?? invokedAtNs)}`;
}

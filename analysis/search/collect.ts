import type { HistoryEvent } from "../../history/event.ts";
import type { OperationPair } from "../../history/pair.ts";
import type { HistorySource } from "../checker.ts";
import type { Model, TimedOperation } from "../models/model.ts";
import type { Form } from "../reading/form.ts";
import { formOf } from "../reading/read.ts";
import type { OperationView } from "../results.ts";

/** The operations on one object, in the order of their invocations. */
export interface ObjectHistory {
  readonly name: string;
  readonly operations: readonly RecordedOperation[];
  /** Why the model cannot judge them, if so. */
  readonly objection: string | null;
}

/** An operation as the model sees it, and how it was recorded. */
export interface RecordedOperation extends TimedOperation {
  readonly pair: OperationPair;
}

/** The client operations of a history as events, in the order of their invocations. */
export const pairForm: Form<readonly OperationPair[]> = {
  begin: () => {
    const held: OperationPair[] = [];
    return {
      held,
      needsValues: true,
      event: (event, operation) => {
        if (operation < 0) return;
        const isInvocation = event.type === "invoke";
        const { invocation } = isInvocation ? { invocation: event } : held[operation]!;
        held[operation] = { invocation, completion: isInvocation ? null : event };
      },
    };
  },
};

/** Reads a history as a model sees it, object by object. Throws HistoryError on one that is damaged. */
export function objectsOf(history: HistorySource, model: Model): ObjectHistory[] {
  const recorded = formOf(history, pairForm).flatMap((pair) => record(pair, model));
  const judged = recorded.map((operation) => model.objection?.(operation) ?? null);
  const understood = recorded.filter((_, place) => judged[place] === null);
  const names = model.objects?.(understood) ?? understood.map(({ key }) => key ?? "");
  const objects = new Map<string, { operations: RecordedOperation[]; objection: string | null }>();
  const objectNamed = (name: string) => {
    const known = objects.get(name) ?? { operations: [], objection: null };
    objects.set(name, known);
    return known;
  };
  for (const [place, operation] of understood.entries()) objectNamed(names[place]!).operations.push(operation);
  for (const [place, operation] of recorded.entries()) {
    if (judged[place] !== null) objectNamed(operation.key ?? "").objection ??= judged[place]!;
  }
  return [...objects].map(([name, object]) => ({ name, ...object }));
}

/** Leaves out what certainly did not happen and what says nothing. */
function record(pair: OperationPair, model: Model): RecordedOperation[] {
  const { invocation, completion } = pair;
  const outcome = outcomeOf(completion, model);
  if (outcome === null) return [];
  const answered = outcome === "ok" ? completion?.value : undefined;
  const asked = invocation.value ?? answered ?? null;
  const ended = completion !== null && outcome !== "info";
  const operation = {
    f: invocation.f,
    ...(invocation.key === undefined ? {} : { key: invocation.key }),
    asked,
    value: answered === undefined ? asked : answered,
    outcome,
    inv: invocation.index,
    ret: ended ? completion.index : Number.POSITIVE_INFINITY,
    pair,
  };
  return outcome === "ok" && model.saysNothing?.(operation) === true ? [] : [operation];
}

function outcomeOf(completion: HistoryEvent | null, model: Model): TimedOperation["outcome"] | null {
  if (completion === null || completion.type === "info") return "info";
  if (completion.type === "ok") return "ok";
  return completion.error === "cas-mismatch" && model.observesRefusals === true ? "refused" : null;
}

/** An operation as explanations show it. */
export function viewOf({ pair, value }: RecordedOperation): OperationView {
  const { invocation, completion } = pair;
  const type = completion?.type ?? "info";
  const outcome = type === "invoke" ? "info" : type;
  const { node, error } = completion ?? {};
  return {
    index: invocation.index,
    process: invocation.process as number,
    f: invocation.f,
    ...(invocation.key === undefined ? {} : { key: invocation.key }),
    value,
    outcome,
    invokedAtNs: invocation.time,
    ...(completion === null || outcome === "info" ? {} : { completedAtNs: completion.time }),
    ...(node === undefined ? {} : { node }),
    ...(error === undefined ? {} : { error }),
  };
}

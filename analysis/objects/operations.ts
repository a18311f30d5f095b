import type { HistoryEvent } from "../../history/event.ts";
import { pairOperations } from "../../history/pair.ts";
import { OrderGuard } from "../../history/validator.ts";
import type { HistorySource } from "../checker.ts";
import type { OperationView } from "../results.ts";

/** A client's operation with everything that was asked and answered. */
export interface ObjectOperation {
  /** History index of the invocation. */
  readonly index: number;
  readonly process: number;
  readonly f: string;
  /** "": none. */
  readonly key: string;
  readonly asked: unknown;
  /** What an ok completion says; undefined without one. */
  readonly answer: unknown;
  /** What one of unknown outcome would have answered, where its client could tell; else null. */
  readonly tentative: unknown;
  readonly outcome: "ok" | "fail" | "info";
  /** Positions in the history serve as times: unique, and the order in which one recorder saw things. */
  readonly inv: number;
  /** Infinity while the outcome is unknown. */
  readonly ret: number;
  readonly invokedAtNs: number;
  /** Infinity while the outcome is unknown. */
  readonly completedAtNs: number;
  readonly node?: string;
  readonly error?: string;
}

const known = new WeakMap<HistorySource, readonly ObjectOperation[]>();

/**
 * The client operations of a history in the order of their invocations. They are read once and kept as long as the
 * history is. Throws HistoryError on a history that cannot have been recorded.
 */
export function objectOperations(history: HistorySource): readonly ObjectOperation[] {
  const read = known.get(history);
  if (read !== undefined) return read;
  const operations = pairOperations(inOrder(history)).map(({ invocation, completion }) =>
    operationOf(invocation, completion),
  );
  known.set(history, operations);
  return operations;
}

/** Operations by key, keys in the order of their first use. */
export function byKey(operations: readonly ObjectOperation[]): Map<string, ObjectOperation[]> {
  return Map.groupBy(operations, ({ key }) => key);
}

const shownElements = 24;

/** An operation as explanations show it; long lists are cut. */
export function viewOf(op: ObjectOperation): OperationView {
  const value = op.answer ?? op.asked ?? null;
  return {
    index: op.index,
    process: op.process,
    f: op.f,
    ...(op.key === "" ? {} : { key: op.key }),
    value: Array.isArray(value) && value.length > shownElements ? cut(value) : value,
    outcome: op.outcome,
    invokedAtNs: op.invokedAtNs,
    ...(op.outcome === "info" ? {} : { completedAtNs: op.completedAtNs }),
    ...(op.node === undefined ? {} : { node: op.node }),
    ...(op.error === undefined ? {} : { error: op.error }),
  };
}

function cut(value: readonly unknown[]): unknown[] {
  return [...value.slice(0, shownElements), `… ${value.length - shownElements} more`];
}

function* inOrder(history: HistorySource): Generator<HistoryEvent> {
  const order = new OrderGuard("history");
  let line = 0;
  for (const event of history) {
    order.check(event.index, event.time, ++line);
    yield event;
  }
}

function operationOf(invocation: HistoryEvent, completion: HistoryEvent | null): ObjectOperation {
  const { index, process, f, key = "", value: asked = null } = invocation;
  const outcome = completion === null || completion.type === "invoke" ? "info" : completion.type;
  const ended = completion !== null && outcome !== "info";
  return {
    ...{ index, process: process as number, f, key, asked, outcome, inv: index },
    answer: outcome === "ok" ? completion?.value : undefined,
    tentative: outcome === "info" && completion?.type === "info" ? (completion.value ?? null) : null,
    ret: ended ? completion.index : Number.POSITIVE_INFINITY,
    invokedAtNs: invocation.time,
    completedAtNs: ended ? completion.time : Number.POSITIVE_INFINITY,
    ...(completion?.node === undefined ? {} : { node: completion.node }),
    ...(completion?.error === undefined ? {} : { error: completion.error }),
  };
}

import type { HistoryEvent } from "../../history/event.ts";
import type { HistorySource } from "../checker.ts";
import type { Form } from "../reading/form.ts";
import { formOf } from "../reading/read.ts";
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

/** The client operations of a history in the order of their invocations, with all that was asked and answered. */
export const objectForm: Form<readonly ObjectOperation[]> = {
  begin: () => {
    const held: ObjectOperation[] = [];
    return {
      held,
      needsValues: true,
      event: (event, operation) => {
        if (operation < 0) return;
        held[operation] = event.type === "invoke" ? invoked(event) : completed(held[operation]!, event);
      },
    };
  },
};

/** Read once and kept as long as the history is. Throws HistoryError on a history that cannot have been recorded. */
export function objectOperations(history: HistorySource): readonly ObjectOperation[] {
  return formOf(history, objectForm);
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

function invoked({ index, process, f, key = "", value: asked = null, time }: HistoryEvent): ObjectOperation {
  return {
    ...{ index, process: process as number, f, key, asked, outcome: "info", inv: index },
    ...{ answer: undefined, tentative: null, ret: Number.POSITIVE_INFINITY },
    ...{ invokedAtNs: time, completedAtNs: Number.POSITIVE_INFINITY },
  };
}

function completed(operation: ObjectOperation, event: HistoryEvent): ObjectOperation {
  const { type, index, time, value, node, error } = event;
  const outcome = type === "invoke" ? "info" : type;
  return {
    ...operation,
    outcome,
    answer: outcome === "ok" ? value : undefined,
    tentative: outcome === "info" ? (value ?? null) : null,
    ...(outcome === "info" ? {} : { ret: index, completedAtNs: time }),
    ...(node === undefined ? {} : { node }),
    ...(error === undefined ? {} : { error }),
  };
}

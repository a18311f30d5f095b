import { illegal, type Model, type ModelOperation, type TimedOperation } from "../models/model.ts";

/** One operation of an order, as it is placed: with what it answered, where that was a guess. */
export interface Placed {
  readonly operation: TimedOperation;
  readonly as: ModelOperation;
}

/**
 * Why an order is no explanation of the operations; null when it is one: every step legal, every operation in its
 * time, none missing that happened. A second opinion on `valid` that knows nothing of how the order was found.
 */
export function faultOf(model: Model, operations: readonly TimedOperation[], order: readonly Placed[]): string | null {
  let state = model.init;
  let begun = Number.NEGATIVE_INFINITY;
  for (const { operation, as } of order) {
    const next = model.step(state, as);
    if (next === illegal) return `${as.f} is illegal in ${JSON.stringify(state)}`;
    if (operation.ret < begun) return `${as.f} stands after an operation that began when it had ended`;
    begun = Math.max(begun, operation.inv);
    state = next;
  }
  const placed = new Set(order.map(({ operation }) => operation));
  if (placed.size !== order.length) return "an operation stands twice";
  return operations.some((operation) => operation.ret !== Infinity && !placed.has(operation))
    ? "an operation is missing"
    : null;
}

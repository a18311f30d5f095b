import type { HistoryEvent, Operation } from "../../history/event.ts";

/** Says what each free process does next. Deterministic: the same calls with the same seed give the same operations. */
export interface Generator {
  /** The next operation for a process that is free; null when there is nothing more for it to do. */
  next(process: number): Operation | null;
  /** Hears of every client event when it is recorded, in order, so that later operations may depend on answers. */
  hear(event: HistoryEvent): void;
}

/** Hands out a list of operations, each once, to whichever process asks first. */
export function each(operations: readonly Operation[]): Generator {
  let given = 0;
  return { next: () => operations[given++] ?? null, hear: () => {} };
}

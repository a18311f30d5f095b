import type { OutcomeCounts } from "../../../analysis/results.ts";
import type { HistoryEvent } from "../../../history/event.ts";
import { Column } from "./column.ts";

export const outcomes = ["ok", "fail", "info"] as const;
export type Outcome = (typeof outcomes)[number];

/** Columns over all operations that ended, one row an operation, by order of ending. */
export interface OperationColumns {
  readonly invokedNs: Float64Array;
  readonly endedNs: Float64Array;
  /** Index into `outcomes`. */
  readonly outcome: Float64Array;
}

/**
 * Joins invocations and completions while a history streams by. An operation that never ended counts as `info`, but
 * has no row: nobody knows how long it would have taken.
 */
export class OperationCollector {
  readonly #open = new Map<number, number>();
  readonly #invoked = new Column();
  readonly #ended = new Column();
  readonly #outcome = new Column();
  readonly #counts = { ok: 0, fail: 0, info: 0 };
  readonly #errors = new Map<string, number>();

  add(event: HistoryEvent): void {
    if (typeof event.process !== "number") return;
    if (event.type === "invoke") {
      this.#open.set(event.process, event.time);
      return;
    }
    const invokedNs = this.#open.get(event.process);
    if (invokedNs === undefined) return;
    this.#open.delete(event.process);
    this.#counts[event.type]++;
    if (event.error !== undefined) this.#errors.set(event.error, (this.#errors.get(event.error) ?? 0) + 1);
    this.#invoked.push(invokedNs);
    this.#ended.push(event.time);
    this.#outcome.push(outcomes.indexOf(event.type));
  }

  columns(): OperationColumns {
    return { invokedNs: this.#invoked.values(), endedNs: this.#ended.values(), outcome: this.#outcome.values() };
  }

  counts(): OutcomeCounts {
    return { ...this.#counts, info: this.#counts.info + this.#open.size };
  }

  errors(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#errors);
  }
}

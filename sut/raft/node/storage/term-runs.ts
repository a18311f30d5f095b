import type { Entry, Index, LogPosition } from "../../core/types.ts";

/** Where terms begin in a log: as much as is needed to name its last entry after any truncation. */
export class TermRuns {
  /** The first position of each term, oldest first. */
  #runs: LogPosition[];
  #lastIndex: Index;

  constructor(base: LogPosition) {
    this.#runs = [base];
    this.#lastIndex = base.index;
  }

  get last(): LogPosition {
    return { index: this.#lastIndex, term: this.#runs.at(-1)!.term };
  }

  append(entries: readonly Entry[]): void {
    for (const { index, term } of entries) {
      if (term !== this.last.term) this.#runs.push({ index, term });
      this.#lastIndex = index;
    }
  }

  truncateFrom(index: Index): void {
    this.#lastIndex = Math.min(this.#lastIndex, index - 1);
    while (this.#runs.length > 1 && this.#runs.at(-1)!.index > this.#lastIndex) this.#runs.pop();
  }
}

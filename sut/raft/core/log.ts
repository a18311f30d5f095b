import { invariant } from "./invariant.ts";
import type { Entry, Index, LogPosition, Term } from "./types.ts";

/** The log in memory: entry i stands at place i - 1. */
export class RaftLog {
  readonly #entries: Entry[];

  constructor(entries: readonly Entry[]) {
    this.#entries = [];
    this.append(entries);
  }

  get lastIndex(): Index {
    return this.#entries.length;
  }

  get last(): LogPosition {
    return { index: this.lastIndex, term: this.termAt(this.lastIndex) };
  }

  /** The term of an entry; 0 before the first, and 0 for one that is not there (no entry has term 0). */
  termAt(index: Index): Term {
    return this.#entries[index - 1]?.term ?? 0;
  }

  /** Whether the entry is in the log; the empty position is in every log. */
  has(position: LogPosition): boolean {
    return position.index <= this.lastIndex && this.termAt(position.index) === position.term;
  }

  /** Entries `from` to `to`, both included, as far as there are any. */
  slice(from: Index, to: Index): readonly Entry[] {
    return this.#entries.slice(from - 1, to);
  }

  /** Entries from `from` on: as many as fit into both limits, but at least one, as far as there are any. */
  batch(from: Index, maxEntries: number, maxBytes: number): readonly Entry[] {
    let bytes = this.#entries[from - 1]?.bytes ?? 0;
    let to = from;
    while (to - from + 1 < maxEntries && to < this.lastIndex) {
      bytes += this.#entries[to]?.bytes ?? 0;
      if (bytes > maxBytes) break;
      to++;
    }
    return this.slice(from, to);
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const { index, term } = this.last;
      invariant(entry.index === index + 1, "indexes in a log are contiguous", { last: index, next: entry.index });
      invariant(entry.term >= term, "terms in a log never decrease", { last: term, next: entry.term });
      this.#entries.push(entry);
    }
  }

  truncateFrom(index: Index): void {
    this.#entries.length = Math.min(this.#entries.length, index - 1);
  }

  /**
   * The last position at or before `index` whose term is not above `term`: the two logs cannot agree later than that,
   * because terms in a log never decrease. One step skips all of a term, which makes repair O(terms) (§3.5).
   */
  lastNotAfter(index: Index, term: Term): LogPosition {
    let at = Math.min(index, this.lastIndex);
    while (at > 0 && this.termAt(at) > term) at--;
    return { index: at, term: this.termAt(at) };
  }
}

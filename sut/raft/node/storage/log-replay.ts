import type { Entry, HardState, LogPosition } from "../../core/types.ts";
import type { WalRecord } from "./wal-format.ts";

/** The log that records make, one after another. */
export class LogReplay {
  hard: HardState = { term: 0, votedFor: null };
  /** The position that the entries follow. */
  #base: LogPosition;
  #entries: Entry[] = [];

  constructor(base: LogPosition) {
    this.#base = base;
  }

  get base(): LogPosition {
    return this.#base;
  }

  get last(): LogPosition {
    const { index, term } = this.#entries.at(-1) ?? this.#base;
    return { index, term };
  }

  /** Throws RangeError when the record does not follow the ones before it. */
  apply({ hard, base, truncateFrom, append = [] }: WalRecord): void {
    this.hard = hard ?? this.hard;
    if (base !== undefined && !isSame(base, this.last)) this.#restart(base);
    if (truncateFrom !== undefined) this.#truncateFrom(truncateFrom);
    for (const entry of append) {
      if (entry.index !== this.last.index + 1) {
        throw new RangeError(`entry ${entry.index} follows entry ${this.last.index}`);
      }
      this.#entries.push(entry);
    }
  }

  /**
   * The entries behind a snapshot; null when the log has another entry there, or ends before it: then the snapshot came
   * from a leader, and the log ends with it (§5, Figure 5.3).
   */
  entriesAfter(snapshot: LogPosition): readonly Entry[] | null {
    const place = snapshot.index - this.#base.index;
    const own = place === 0 ? this.#base : this.#entries[place - 1];
    return own?.term === snapshot.term ? this.#entries.slice(place) : null;
  }

  /** Below its beginning, a log is known only to be that of the snapshot that its first segment follows. */
  #truncateFrom(index: number): void {
    if (index <= this.#base.index) this.#restart({ index: index - 1, term: 0 });
    else this.#entries.length = Math.min(this.#entries.length, index - this.#base.index - 1);
  }

  #restart(base: LogPosition): void {
    this.#base = base;
    this.#entries = [];
  }
}

function isSame(one: LogPosition, other: LogPosition): boolean {
  return one.index === other.index && one.term === other.term;
}

import { invariant } from "./invariant.ts";
import type { Entry, Index, LogPosition, Membership, SnapshotMeta, Term } from "./types.ts";

/**
 * The log in memory. It begins behind its base: the last entry that a snapshot stands in for, of which position and
 * membership are still known (§5.1). Entry `base.index + i` stands at place `i - 1`.
 */
export class RaftLog {
  #base: LogPosition;
  #entries: Entry[];
  /** Where the members change, oldest first; the first tells who they were at the base. */
  #memberships: { readonly index: Index; readonly membership: Membership }[];

  constructor(base: SnapshotMeta, entries: readonly Entry[]) {
    this.#base = { index: base.index, term: base.term };
    this.#entries = [];
    this.#memberships = [{ index: base.index, membership: base.membership }];
    this.append(entries);
  }

  /** The last entry that is gone; position 0 when none is. */
  get base(): LogPosition {
    return this.#base;
  }

  get lastIndex(): Index {
    return this.#base.index + this.#entries.length;
  }

  get last(): LogPosition {
    return { index: this.lastIndex, term: this.termAt(this.lastIndex) };
  }

  /** The members by the latest entry about them, committed or not: it is in effect when it is in the log (§4.1). */
  get membership(): Membership {
    return this.latestConfig.membership;
  }

  /** The latest entry about the members, or the base. */
  get latestConfig(): { readonly index: Index; readonly membership: Membership } {
    return this.#memberships.at(-1)!;
  }

  /** The members as of an entry that is not before the base. */
  membershipAt(index: Index): Membership {
    invariant(index >= this.#base.index, "members are known from the log's base on", { index, base: this.#base.index });
    return this.#memberships.findLast((change) => change.index <= index)!.membership;
  }

  /** The term of an entry; 0 for one that is gone or not there (no entry has term 0). */
  termAt(index: Index): Term {
    if (index === this.#base.index) return this.#base.term;
    return this.#entries[index - this.#base.index - 1]?.term ?? 0;
  }

  /** Whether the entry is in the log, or in what the snapshot stands in for: that is committed, and so equal everywhere. */
  has(position: LogPosition): boolean {
    if (position.index < this.#base.index) return true;
    return position.index <= this.lastIndex && this.termAt(position.index) === position.term;
  }

  /** Entries `from` to `to`, both included, as far as there are any. */
  slice(from: Index, to: Index): readonly Entry[] {
    const offset = this.#base.index + 1;
    return this.#entries.slice(Math.max(0, from - offset), Math.max(0, to - offset + 1));
  }

  /** Entries from `from` on: as many as fit into both limits, but at least one, as far as there are any. */
  batch(from: Index, maxEntries: number, maxBytes: number): readonly Entry[] {
    const first = from - this.#base.index - 1;
    let bytes = this.#entries[first]?.bytes ?? 0;
    let to = first;
    while (to - first + 1 < maxEntries && to + 1 < this.#entries.length) {
      bytes += this.#entries[to + 1]?.bytes ?? 0;
      if (bytes > maxBytes) break;
      to++;
    }
    return this.#entries.slice(first, to + 1);
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const { index, term } = this.last;
      invariant(entry.index === index + 1, "indexes in a log are contiguous", { last: index, next: entry.index });
      invariant(entry.term >= term, "terms in a log never decrease", { last: term, next: entry.term });
      this.#entries.push(entry);
      if (entry.membership !== undefined) this.#memberships.push({ index: entry.index, membership: entry.membership });
    }
  }

  /** Drops the entries from `index` on; the members fall back to what they were before (§4.1), unless told otherwise. */
  truncateFrom(index: Index, membersFallBack = true): void {
    invariant(index > this.#base.index, "what a snapshot stands in for is never truncated", {
      base: this.#base.index,
      index,
    });
    this.#entries.length = Math.min(this.#entries.length, index - this.#base.index - 1);
    if (membersFallBack) this.#memberships = this.#memberships.filter((change) => change.index < index);
  }

  /** Forgets the entries up to `index`, which a snapshot stands in for; position and membership there are kept (§5.1). */
  compactTo(index: Index): void {
    invariant(index >= this.#base.index && index <= this.lastIndex, "a log is compacted within its entries", {
      base: this.#base.index,
      index,
      lastIndex: this.lastIndex,
    });
    const membership = this.membershipAt(index);
    const term = this.termAt(index);
    this.#entries = this.#entries.slice(index - this.#base.index);
    this.#base = { index, term };
    this.#memberships = [{ index, membership }, ...this.#memberships.filter((change) => change.index > index)];
  }

  /** Begins anew behind a snapshot that another server sent: all entries are void (§5.1). */
  restartAt(base: SnapshotMeta): void {
    this.#base = { index: base.index, term: base.term };
    this.#entries = [];
    this.#memberships = [{ index: base.index, membership: base.membership }];
  }

  /**
   * The last position at or before `index` whose term is not above `term`: the two logs cannot agree later than that,
   * because terms in a log never decrease. One step skips all of a term, which makes repair O(terms) (§3.5). Never before
   * the base, where every log agrees.
   */
  lastNotAfter(index: Index, term: Term): LogPosition {
    let at = Math.min(index, this.lastIndex);
    while (at > this.#base.index && this.termAt(at) > term) at--;
    return at < this.#base.index ? this.#base : { index: at, term: this.termAt(at) };
  }
}

import type { Entry, Index, LogPosition, Membership, Term } from "../core/types.ts";

/**
 * An entry of any log, and through `before` all that stand in front of it. There is one object for an index and term, so
 * that two logs are equal up to an index if they hold the same object there (Log Matching, by induction).
 */
export interface Position {
  readonly index: Index;
  readonly term: Term;
  /** Null at the beginning, and where a log was first seen behind a snapshot. */
  before: Position | null;
  /** Null where only its place is known. */
  entry: Entry | null;
  /** The members as of here; null where only the servers themselves know whom they began with. */
  members: Membership | null;
  /** The latest entry about the members, this one or one before. */
  configIndex: Index;
}

/** All positions that were ever seen in a log. */
export class Positions {
  readonly root: Position = {
    ...{ index: 0, term: 0, before: null, entry: null, members: null, configIndex: 0 },
  };
  readonly #byIndex: Map<Term, Position>[] = [new Map([[0, this.root]])];

  find({ index, term }: LogPosition): Position | null {
    return this.#byIndex[index]?.get(term) ?? null;
  }

  /** The position of an entry that is not known yet. `before` is null where nothing is known of what it stands behind. */
  create({ index, term }: LogPosition, before: Position | null, entry: Entry | null): Position {
    const ofEntry = entry?.membership ?? null;
    const members = ofEntry ?? before?.members ?? null;
    const configIndex = ofEntry === null ? (before?.configIndex ?? 0) : index;
    const position = { index, term, before, entry, members, configIndex };
    const byTerm = this.#byIndex[index];
    if (byTerm === undefined) this.#byIndex[index] = new Map([[term, position]]);
    else byTerm.set(term, position);
    return position;
  }
}

/** A log as a list of positions behind a base. What a node's own compaction forgets is kept. */
export class LogModel {
  #base: Position;
  #positions: Position[] = [];

  constructor(base: Position) {
    this.#base = base;
  }

  get base(): Position {
    return this.#base;
  }

  get last(): Position {
    return this.#positions.at(-1) ?? this.#base;
  }

  /** Null for what is before the base, or not there. */
  at(index: Index): Position | null {
    if (index === this.#base.index) return this.#base;
    return this.#positions[index - this.#base.index - 1] ?? null;
  }

  append(position: Position): void {
    this.#positions.push(position);
  }

  truncateFrom(index: Index): void {
    this.#positions.length = Math.max(0, Math.min(this.#positions.length, index - this.#base.index - 1));
  }

  restartAt(base: Position): void {
    this.#base = base;
    this.#positions = [];
  }

  copy(): LogModel {
    const copy = new LogModel(this.#base);
    copy.#positions = [...this.#positions];
    return copy;
  }
}

/** What is committed, by index, as far as it was seen. */
export class CommittedLog {
  readonly #positions: (Position | undefined)[] = [];
  /** The term of whoever was first seen to know it, which is not below the one that it was committed in. */
  readonly #terms: Term[] = [];

  get lastIndex(): Index {
    return Math.max(0, this.#positions.length - 1);
  }

  at(index: Index): Position | null {
    return this.#positions[index] ?? null;
  }

  /** In which term it was seen to be committed, which may be later than the term of the entry; 0 where nothing is. */
  termAt(index: Index): Term {
    return this.#terms[index] ?? 0;
  }

  /** Takes in the position and all before it, seen in this term; returns the two that contradict each other, if any. */
  extend(position: Position, term: Term): { readonly known: Position; readonly other: Position } | null {
    let at: Position | null = position;
    for (; at !== null && this.#positions[at.index] === undefined; at = at.before) {
      this.#positions[at.index] = at;
      this.#terms[at.index] = term;
    }
    const known = at === null ? at : this.at(at.index);
    return at === null || known === null || known === at ? null : { known, other: at };
  }
}

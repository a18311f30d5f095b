import type { KvResult, LogResult } from "./commands.ts";

/**
 * A command's number is new if it is above all that its session used (§6.3).
 * Why: a client sends again what was not answered, and what was carried out must not be so twice.
 * Test: "isNewNumber (§6.3)". Mutants: M80.
 */
export function isNewNumber(sequence: number, lastSequence: number): boolean {
  return sequence > lastSequence;
}

/**
 * Every node keeps the answer of a session's command, whoever the client asked (§6.3).
 * Why: the retry may reach the next leader, which knows only what it applied itself.
 * Test: "keepsAnswer (§6.3)". Mutants: M81.
 */
export function keepsAnswer(_proposedHere: boolean): boolean {
  return true;
}

/**
 * Sessions are part of a snapshot (§6.3, §5.1).
 * Why: a node that was restored from one must know the same numbers as one that applied everything.
 * Test: "snapshotHoldsSessions (§6.3)". Mutants: M73.
 */
export function snapshotHoldsSessions(): boolean {
  return true;
}

/** The state machine's rules by name, so that a variant with one broken is this record with one entry replaced. */
export const kvRules = { isNewNumber, keepsAnswer, snapshotHoldsSessions };

export type KvRules = typeof kvRules;

/** The last number that a session used, and its answer: a client has one command under way. */
export interface Session {
  readonly id: number;
  readonly sequence: number;
  readonly answer: KvResult | null;
}

/**
 * Who asked for what last, so that nothing is done twice (§6.3). Part of the replicated state: ids count up, and beyond
 * `maxSessions` the one that was used least recently is forgotten, both by the order of the log alone.
 */
export class SessionTable {
  readonly #maxSessions: number;
  readonly #rules: KvRules;
  /** Least recently used first. */
  readonly #sessions = new Map<number, Session>();
  #lastId = 0;

  constructor(maxSessions: number, rules: KvRules) {
    this.#maxSessions = maxSessions;
    this.#rules = rules;
  }

  /** The highest id that was given out. */
  get lastId(): number {
    return this.#lastId;
  }

  open(): number {
    const id = ++this.#lastId;
    this.#use({ id, sequence: 0, answer: null });
    return id;
  }

  /** Carries the command out if its number is new. */
  once(id: number, sequence: number, carryOut: () => KvResult, proposedHere: boolean): LogResult {
    const session = this.#sessions.get(id);
    if (session === undefined) return { type: "session-expired" };
    if (this.#rules.isNewNumber(sequence, session.sequence)) {
      const answer = carryOut();
      this.#use(this.#rules.keepsAnswer(proposedHere) ? { id, sequence, answer } : session);
      return answer;
    }
    this.#use(session);
    return sequence === session.sequence && session.answer !== null ? session.answer : { type: "session-expired" };
  }

  /** All sessions, least recently used first. */
  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  restore(lastId: number, sessions: readonly Session[]): void {
    this.#lastId = lastId;
    for (const session of sessions) this.#use(session);
  }

  #use(session: Session): void {
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
    if (this.#sessions.size <= this.#maxSessions) return;
    const [leastRecentlyUsed] = this.#sessions.keys();
    this.#sessions.delete(leastRecentlyUsed!);
  }
}

import type { KvResult, LogResult } from "./commands.ts";
import type { KvRules } from "./rules.ts";

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
    if (session === undefined) return this.#rules.servesForgotten() ? carryOut() : { type: "session-expired" };
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
    this.#lastId = this.#rules.lastSessionAfterRestore(lastId, sessions);
    for (const session of this.#rules.sessionsInOrder(sessions)) this.#use(session);
  }

  #use(session: Session): void {
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
    if (this.#sessions.size <= this.#maxSessions) return;
    const [leastRecentlyUsed] = this.#sessions.keys();
    this.#sessions.delete(leastRecentlyUsed!);
  }
}

import type { KvCommand } from "./commands.ts";
import type { Session } from "./sessions.ts";

/**
 * A command's number is new if it is above all that its session used (§6.3).
 * Why: a client sends again what was not answered, and what was carried out must not be so twice.
 * Test: "isNewNumber (§6.3)". Mutants: M80.
 */
export function isNewNumber(sequence: number, lastSequence: number): boolean {
  return sequence > lastSequence;
}

/**
 * Every node keeps the answer of a session's command, whichever node the client asked (§6.3).
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

/**
 * A command that is committed is carried out as it stands in the log, on every node (§2.1).
 * Why: what looks at anything else, such as who asked, comes out differently, and the copies are none any more.
 * Test: "carriedOut (§2.1)". Mutants: M82.
 */
export function carriedOut(command: KvCommand, _proposedHere: boolean): KvCommand {
  return command;
}

/**
 * A command of a session that is forgotten is not carried out (§6.3).
 * Why: nobody knows any more whether it was, and its client may send it again.
 * Test: "servesForgotten (§6.3)". Mutants: M80b.
 */
export function servesForgotten(): boolean {
  return false;
}

/**
 * A restored store knows which sessions were used last, as the order in the snapshot says (§6.3).
 * Why: the one that was used least recently is forgotten next, and must be the same on every node.
 * Test: "sessionsInOrder (§6.3)". Mutants: M73b.
 */
export function sessionsInOrder(sessions: readonly Session[]): readonly Session[] {
  return sessions;
}

/**
 * A restored store goes on counting sessions where the snapshot says that it was (§6.3).
 * Why: the latest sessions may be forgotten by then, and their numbers would be given to others.
 * Test: "lastSessionAfterRestore (§6.3)". Mutants: M73c.
 */
export function lastSessionAfterRestore(lastId: number, _sessions: readonly Session[]): number {
  return lastId;
}

/** The state machine's rules by name, so that a variant with one broken is this record with one entry replaced. */
export const kvRules = {
  isNewNumber,
  keepsAnswer,
  snapshotHoldsSessions,
  carriedOut,
  servesForgotten,
  sessionsInOrder,
  lastSessionAfterRestore,
};

export type KvRules = typeof kvRules;

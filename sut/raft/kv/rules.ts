import type { KvCommand } from "./commands.ts";

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

/** The state machine's rules by name, so that a variant with one broken is this record with one entry replaced. */
export const kvRules = { isNewNumber, keepsAnswer, snapshotHoldsSessions, carriedOut };

export type KvRules = typeof kvRules;

import type { Index, Millis, Term } from "../types.ts";

/**
 * A leader that hands over takes no more requests (§3.10).
 * Why: the log would go on growing, and the next leader never have all of it.
 * Test: "acceptsProposals (§3.10)". Mutants: M85.
 */
export function acceptsProposals(transferring: boolean): boolean {
  return !transferring;
}

/**
 * The next leader is asked to campaign when it has the whole log (§3.10).
 * Why: with less, voters refuse it, and the cluster waits for an election timeout.
 * Test: "transferTargetIsReady (§3.10)". Mutants: M85b.
 */
export function transferTargetIsReady(matchIndex: Index, lastIndex: Index): boolean {
  return matchIndex === lastIndex;
}

/**
 * A transfer that takes an election timeout is given up, and requests are taken again (§3.10).
 * Why: the server that is to lead may be paused, cut off or dead.
 * Test: "transferTimedOut (§3.10)". Mutants: M84.
 */
export function transferTimedOut(sinceBeginningMs: Millis, electionTimeoutMs: Millis): boolean {
  return sinceBeginningMs >= electionTimeoutMs;
}

/**
 * The server that is to lead campaigns without asking first (§3.10, §9.6).
 * Why: asked beforehand, everybody refuses, because the old leader is alive.
 * Test: "transferSkipsPreVote (§3.10)". Mutants: M86.
 */
export function transferSkipsPreVote(): boolean {
  return true;
}

/**
 * A candidate that the leader itself sent gets votes although voters hear that leader (§3.10, §4.2.3).
 * Why: it replaces the leader with its consent, and would be refused for an election timeout otherwise.
 * Test: "transferOverridesStickiness (§3.10)". Mutants: M86b.
 */
export function transferOverridesStickiness(transfer: boolean): boolean {
  return transfer;
}

/**
 * A server obeys the leader of its own term, or of a newer one, that asks it to campaign (§3.10, §3.3).
 * Why: a former leader's message may arrive after its term, and would depose a leader that everybody hears.
 * Test: "obeysTimeoutNow (§3.10)". Mutants: M86c.
 */
export function obeysTimeoutNow(messageTerm: Term, currentTerm: Term): boolean {
  return messageTerm >= currentTerm;
}

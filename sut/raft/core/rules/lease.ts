import type { Millis } from "../types.ts";

/**
 * A lease begins when the round was sent, whenever its answers come (§6.4.1).
 * Why: followers count from when they heard the leader, which lies between the two.
 * Test: "leaseBegins (§6.4.1)". Mutants: M48.
 */
export function leaseBegins(roundBeganAt: Millis, _answeredAt: Millis): Millis {
  return roundBeganAt;
}

/**
 * A lease is shorter than the election timeout by as much as clocks may differ in speed (§6.4.1).
 * Why: followers measure the timeout with their own clocks, and the fastest of them ends first.
 * Test: "leaseEnds (§6.4.1)". Mutants: M47, M49b.
 */
export function leaseEnds(begins: Millis, electionTimeoutMs: Millis, driftPercent: number): Millis {
  return begins + electionTimeoutMs / (1 + driftPercent / 100);
}

/**
 * A lease is compared with the time of this very moment (§6.4.1).
 * Why: a process that was paused hears its clients before its timers tell it how late it is.
 * Test: "leaseClock (§6.4.1)". Mutants: M50.
 */
export function leaseClock(now: Millis, _lastHeartbeatAt: Millis): Millis {
  return now;
}

/**
 * A leader answers alone while its lease runs, unless it has asked somebody to campaign (§6.4.1, §3.10).
 * Why: until then a majority elects nobody else; but votes for one whom the leader sent are not withheld.
 * Test: "leaseIsValid (§6.4.1)". Mutants: M46, M46b.
 */
export function leaseIsValid(now: Millis, leaseUntil: Millis, givenUp: boolean): boolean {
  return !givenUp && now < leaseUntil;
}

/**
 * With leases nobody votes within an election timeout of hearing a leader, with CheckQuorum or without (§4.2.3, §6.4.1).
 * Why: the leader that was heard may be answering reads alone until then.
 * Test: "votesAreSticky (§4.2.3)". Mutants: M52.
 */
export function votesAreSticky(checkQuorum: boolean, leaseReads: boolean): boolean {
  return checkQuorum || leaseReads;
}

/**
 * A server that starts counts as having heard a leader just then, where there are leases (§6.4.1).
 * Why: it may have, before it crashed, and would vote while that leader's lease runs.
 * Test: "leaderContactAfterStart (§6.4.1)". Mutants: M53.
 */
export function leaderContactAfterStart(startedAt: Millis, leaseReads: boolean): Millis {
  return leaseReads ? startedAt : Number.NEGATIVE_INFINITY;
}

import type { Rules } from "./rules.ts";
import type { Leadership, Lease, RaftState } from "./state.ts";
import type { Turn } from "./turn.ts";

/** A leader's lease as its term begins. */
export function noLease(): Lease {
  return { until: Number.NEGATIVE_INFINITY, rounds: [], givenUp: false };
}

/** Notes when the present round began: answers to it will extend the lease from then on (§6.4.1). */
export function beginLeaseRound(turn: Turn, { lease, round }: Leadership): void {
  const { now, config } = turn.state;
  if (!config.leaseReads) return;
  lease.rounds.push({ round, beganAt: now });
  // Where nobody answers, rounds are kept as long as they could still make a lease.
  while ((lease.rounds[0]?.beganAt ?? now) + config.electionTimeoutMs < now) lease.rounds.shift();
}

/** A majority has answered up to this round: the lease runs from its beginning (§6.4.1). */
export function renewLease(turn: Turn, { lease }: Leadership, confirmedRound: number): void {
  const { state, rules } = turn;
  const { electionTimeoutMs, leaseDriftPercent } = state.config;
  const { rounds } = lease;
  for (let first = rounds[0]; first !== undefined && first.round <= confirmedRound; first = rounds[0]) {
    const begins = rules.leaseBegins(first.beganAt, state.now);
    lease.until = Math.max(lease.until, rules.leaseEnds(begins, electionTimeoutMs, leaseDriftPercent));
    rounds.shift();
  }
}

/** Whether nobody else can have been elected at the time of the event under way (§6.4.1). */
export function holdsLease({ now, config }: RaftState, { lease, heartbeatDue }: Leadership, rules: Rules): boolean {
  const time = rules.leaseClock(now, heartbeatDue - config.heartbeatMs);
  return config.leaseReads && rules.leaseIsValid(time, lease.until, lease.givenUp);
}

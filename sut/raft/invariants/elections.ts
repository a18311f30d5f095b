import type { Role } from "../core/types.ts";
import type { Invariant } from "./invariant.ts";

/** I1. */
export const electionSafety: Invariant = {
  id: "I1",
  name: "Election Safety",
  statement: "at most one server leads in a term, over the whole history",
  source: "§3.2, Figure 3.2",
  watch: ({ leaders }, violated) => ({
    stepped: ({ node, view }) => {
      if (view.role !== "leader") return;
      const first = leaders.get(view.term);
      if (first !== undefined && first !== node.id) violated([first, node.id], `both lead term ${view.term}`);
    },
  }),
};

/** I17. Without a timer in view only the vote is looked at. */
export const timersAndOwnVote: Invariant = {
  id: "I17",
  name: "LeaderVotedSelf",
  statement: "a leader voted for itself; another server's election timer never runs for more than two timeouts",
  source: "§3.4; LogCabin Invariants.cc",
  notOnTraces: "election timers",
  watch: (_world, violated) => ({
    stepped: ({ node, view }) => {
      if (view.role === "leader") {
        if (view.votedFor !== node.id) violated([node.id], `leads term ${view.term}, and voted for ${view.votedFor}`);
        return;
      }
      const { timerLeft } = view;
      if (timerLeft !== null && timerLeft > longestTimeouts) {
        violated([node.id], `waits for ${timerLeft.toFixed(2)} election timeouts before it campaigns`);
      }
    },
  }),
};

/** Timeouts are drawn from one to two; the rest is for what floating point rounds. */
const longestTimeouts = 2.000001;

/** I27. What only asks whether it could win is no campaign of a timer's alone: both begin in the same ways. */
export const campaignCause: Invariant = {
  id: "I27",
  name: "CampaignCause",
  statement: "a server campaigns when its election timer has run out, or when the leader of its own term tells it to",
  source: "§3.4, §3.10; tikv/raft-rs#234",
  notOnTraces: "election timers",
  watch: (_world, violated) => ({
    stepped: ({ node, view, event }) => {
      const { before } = node;
      const begins = isCampaigning(view.role) && !isCampaigning(before.role);
      if (!begins || view.timerLeft === null || event.type === "tick") return;
      const asked = event.type === "receive" && event.message.type === "timeout-now" ? event.message : null;
      if (asked === null) violated([node.id], `campaigns in term ${view.term} on ${event.type}`);
      else if (asked.term < before.term) {
        violated([node.id], `obeys the leader of term ${asked.term} in term ${before.term}, and campaigns`);
      }
    },
  }),
};

function isCampaigning(role: Role): boolean {
  return role === "candidate" || role === "pre-candidate";
}

/** I18. */
export const leaseExclusion: Invariant = {
  id: "I18",
  name: "LeaseExclusion",
  statement: "no leader is elected while an earlier one may answer reads by its lease",
  source: "§6.4.1; CockroachDB's FortifiedLeaderSafety",
  notOnTraces: "leases, which take every node's own clock",
  watch: ({ nodes, holdsLease }, violated) => ({
    stepped: ({ node, view }) => {
      if (view.role !== "leader" || node.before.role === "leader") return;
      for (const other of nodes.values()) {
        const { role, term } = other.view;
        if (!other.up || role !== "leader" || term >= view.term || !holdsLease(other.id)) continue;
        violated([node.id, other.id], `${node.id} leads term ${view.term} while ${other.id} has a lease of ${term}`);
      }
    },
  }),
};

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

/** I18. */
export const leaseExclusion: Invariant = {
  id: "I18",
  name: "LeaseExclusion",
  statement: "nobody is elected while an earlier leader may answer reads by its lease",
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

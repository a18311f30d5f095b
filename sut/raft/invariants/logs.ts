import type { Invariant } from "./invariant.ts";
import { named } from "./world.ts";

/** I3. By induction: a position has one content, and stands behind one other position, in every log. */
export const logMatching: Invariant = {
  id: "I3",
  name: "Log Matching",
  statement: "logs that have an entry of the same index and term are equal up to there",
  source: "§3.5, Figure 3.2",
  watch: (_world, violated) => ({
    started: ({ node, mismatch }) => {
      if (mismatch !== null) violated([node.id], `starts with a log in which ${mismatch}`);
    },
    stepped: ({ node, mismatch }) => {
      if (mismatch !== null) violated([node.id], mismatch);
    },
  }),
};

/** I2. */
export const leaderAppendOnly: Invariant = {
  id: "I2",
  name: "Leader Append-Only",
  statement: "a leader only appends to its log, and no other node creates entries of its term",
  source: "§3.5, Figure 3.2; hashicorp/raft#695",
  watch: ({ leaders }, violated) => ({
    stepped: ({ node, view, effects, truncatedFrom, created }) => {
      const { before } = node;
      const led = before.role === "leader" && view.role === "leader" && before.term === view.term;
      if (led && truncatedFrom !== null) violated([node.id], `leads term ${view.term}, and drops ${truncatedFrom}`);
      if (led && effects[0]?.type === "persist" && effects[0].base !== undefined) {
        violated([node.id], `leads term ${view.term}, and drops its log`);
      }
      for (const position of created) {
        const author = leaders.get(position.term);
        if (author === node.id) continue;
        violated([node.id], `${named(position)} is made by ${node.id}; ${author ?? "nobody"} leads that term`);
      }
    },
  }),
};

/** I11. */
export const logTerms: Invariant = {
  id: "I11",
  name: "LogTerms",
  statement: "terms in a log never decrease, and none is above the server's own; indexes are contiguous",
  source: "§3.5, §3.6.1; LogCabin Invariants.cc",
  watch: (_world, violated) => ({
    started: ({ node: { id, log, view } }) => {
      if (log.last.term > view.term) violated([id], `starts in term ${view.term} with ${named(log.last)} in its log`);
    },
    stepped: ({ node, view, appended }) => {
      for (const position of appended) {
        const { before, term } = position;
        if (before !== null && term < before.term) {
          violated([node.id], `${named(position)} is appended after ${named(before)}`);
        }
        if (term > view.term) violated([node.id], `${named(position)} is appended in term ${view.term}`);
      }
    },
  }),
};

/** I4. The committed log is a chain, so that its last entry stands for all of it. */
export const leaderCompleteness: Invariant = {
  id: "I4",
  name: "Leader Completeness",
  statement: "every committed entry is in the log of every later leader",
  source: "§3.6, Figure 3.2",
  watch: (world, violated) => ({
    stepped: ({ node, view }) => {
      if (view.role !== "leader" || node.before.role === "leader") return;
      const { committed } = world;
      let last = committed.at(committed.lastIndex);
      // What was committed in a later term than the one that it leads is none of its concern, however old the entry is.
      while (last !== null && committed.termAt(last.index) > view.term) last = last.before;
      if (last === null || world.holds(node.log, last)) return;
      violated(
        [node.id],
        `leads term ${view.term} without ${named(last)}, which term ${committed.termAt(last.index)} committed`,
      );
    },
  }),
};

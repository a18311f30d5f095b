import type { Invariant } from "./invariant.ts";
import type { NodeView } from "./node-view.ts";

/** I9. */
export const monotone: Invariant = {
  id: "I9",
  name: "Monotone",
  statement: "commit index and last applied never decrease while a process lives, and the term never at all",
  source: "§3.3, §3.8, Figure 3.1; LogCabin Invariants.cc",
  watch: (_world, violated) => {
    const mustNotFall = (node: string, what: string, from: number, to: number) => {
      if (to < from) violated([node], `its ${what} goes back from ${from} to ${to}`);
    };
    return {
      started: ({ node }) => mustNotFall(node.id, "term", node.disk.hard.term, node.view.term),
      stepped: ({ node: { id, before }, view }) => {
        mustNotFall(id, "term", before.term, view.term);
        mustNotFall(id, "commit index", before.commitIndex, view.commitIndex);
        mustNotFall(id, "last applied", before.lastApplied, view.lastApplied);
      },
    };
  },
};

/** I12. What a snapshot that was sent stands in for is committed before it is applied. */
export const bounds: Invariant = {
  id: "I12",
  name: "Bounds",
  statement: "base <= commit <= last, applied <= commit, durable <= last, and a leader's match indexes <= last",
  source: "Figure 3.1; LogCabin Invariants.cc, etcd tracker/progress.go",
  watch: (_world, violated) => {
    const check = (view: NodeView) => {
      const wrong = brokenBound(view);
      if (wrong !== null) violated([view.id], wrong);
    };
    return {
      started: ({ node }) => check(node.view),
      stepped: ({ view, event }) => {
        check(view);
        const match = event.type === "receive" ? view.matchOf(event.from) : null;
        if (match !== null && match > view.lastIndex && event.type === "receive") {
          violated([view.id, event.from], `the log of ${event.from} matches up to ${match}, beyond ${view.lastIndex}`);
        }
      },
    };
  },
};

function brokenBound(view: NodeView): string | null {
  const { baseIndex, commitIndex, lastApplied, lastIndex, durableIndex } = view;
  if (baseIndex > commitIndex) return `the log begins behind ${baseIndex}, which is not committed (${commitIndex})`;
  if (commitIndex > lastIndex) return `commits up to ${commitIndex}, and its log ends with ${lastIndex}`;
  if (lastApplied > commitIndex) return `has applied up to ${lastApplied}, and committed up to ${commitIndex}`;
  return durableIndex > lastIndex ? `is durable up to ${durableIndex}, and its log ends with ${lastIndex}` : null;
}

import type { Index, NodeId } from "../core/types.ts";
import type { Invariant, Step } from "./invariant.ts";
import type { Limits, NodeView } from "./node-view.ts";

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

/**
 * I12. What a snapshot that was sent stands in for is committed before it is applied. A log is cut in the step in which its
 * node hears of a snapshot, and a leader refuses commands in the step in which they come: then it is seen whether they keep
 * to what the knobs allow.
 */
export const bounds: Invariant = {
  id: "I12",
  name: "Bounds",
  statement:
    "base <= commit <= last, applied <= commit, durable <= last, a leader's match indexes <= last, and below what it " +
    "takes to be under way; no question of a follower is answered before it is asked; a log keeps `trailingEntries` behind a new snapshot and what followers are about to need, " +
    "and takes commands up to `maxUncommittedBytes` that no majority has confirmed, no more and no less",
  source: "Figure 3.1, §5.1.2, §10.2; LogCabin Invariants.cc, etcd tracker/progress.go, etcd#10199",
  notOnTraces: "what is under way, and what the knobs allow",
  watch: (_world, violated) => {
    const check = (view: NodeView) => {
      const wrong = brokenBound(view);
      if (wrong !== null) violated([view.id], wrong);
    };
    // A follower may be let go in the very step in which the log was cut with a view to it.
    const onTheirWayBefore = new Map<NodeId, readonly Index[]>();
    return {
      started: ({ node }) => {
        onTheirWayBefore.delete(node.id);
        check(node.view);
      },
      stepped: (step) => {
        const { view, event } = step;
        check(view);
        if (event.type === "receive") {
          const wrong = brokenMatch(view, event.from);
          if (wrong !== null) violated([view.id, event.from], wrong);
        }
        const onTheirWay = view.snapshotsOnTheirWay();
        if (view.limits !== null) {
          const before = onTheirWayBefore.get(view.id) ?? [];
          const wrong = notCut(step, view.limits, before, onTheirWay) ?? misadmitted(step, view.limits);
          if (wrong !== null) violated([view.id], wrong);
        }
        onTheirWayBefore.set(view.id, onTheirWay);
      },
    };
  },
};

function brokenBound(view: NodeView): string | null {
  const { baseIndex, commitIndex, lastApplied, lastIndex, durableIndex } = view;
  if (baseIndex > commitIndex) return `the log begins after ${baseIndex}, which is not committed (${commitIndex})`;
  if (commitIndex > lastIndex) return `commits up to ${commitIndex}, and its log ends with ${lastIndex}`;
  if (lastApplied > commitIndex) return `has applied up to ${lastApplied}, and committed up to ${commitIndex}`;
  const { questions } = view;
  if (questions !== null && questions.answered > questions.asked) {
    return `takes question ${questions.answered} to be answered; its process has asked ${questions.asked}`;
  }
  return durableIndex > lastIndex ? `is durable up to ${durableIndex}, and its log ends with ${lastIndex}` : null;
}

/** What a leader knows of a follower's log. A message that is taken for lost as long as it leads takes up room in its window. */
function brokenMatch(view: NodeView, follower: NodeId): string | null {
  const match = view.matchOf(follower);
  if (match === null) return null;
  if (match > view.lastIndex) return `the log of ${follower} matches up to ${match}, beyond ${view.lastIndex}`;
  const confirmed = view.inFlightTo(follower).find((last) => last <= match);
  if (confirmed === undefined) return null;
  return `takes entries up to ${confirmed} to be on their way to ${follower}, which has confirmed ${match}`;
}

/** What stays in memory though a snapshot, the newest of the node, has just taken its place. */
function notCut(
  { event, node, view }: Step,
  { trailingEntries }: Limits,
  onTheirWayBefore: readonly Index[],
  onTheirWay: readonly Index[],
): string | null {
  if (event.type !== "snapshot-made" || event.snapshot.index !== node.disk.snapshot?.index) return null;
  const { index } = event.snapshot;
  const mayBegin = Math.min(index - trailingEntries, ...onTheirWayBefore, ...onTheirWay);
  if (view.baseIndex >= mayBegin) return null;
  return `keeps its log from ${view.baseIndex + 1} on behind a snapshot of ${index}; ${trailingEntries} entries may stay`;
}

/**
 * Commands that a leader has taken, and that no majority has confirmed, by its log: what its counter must say, and what
 * decides whether another command is taken. One alone may be of any size.
 */
function misadmitted(step: Step, { maxUncommittedBytes }: Limits): string | null {
  const { event, created, node, view } = step;
  const hasChanged = created.length > 0 || view.commitIndex !== node.before.commitIndex;
  if (event.type !== "propose" && (view.uncommittedBytes === null || !hasChanged)) return null;
  let [bytes, commands] = [0, 0];
  for (let index = view.commitIndex + 1; index <= view.lastIndex; index++) {
    const added = node.log.at(index)?.entry?.bytes ?? 0;
    bytes += added;
    if (added > 0) commands++;
  }
  if (view.uncommittedBytes !== null && view.uncommittedBytes !== bytes) {
    return `counts ${view.uncommittedBytes} bytes of commands that wait for a majority; its log has ${bytes}`;
  }
  if (event.type !== "propose") return null;
  if (created.length > 0 && commands > 1 && bytes > maxUncommittedBytes) {
    return `waits for a majority with ${bytes} bytes of commands; it may take ${maxUncommittedBytes}`;
  }
  const refused = refusedWithRoom(step, bytes, maxUncommittedBytes);
  if (refused === null) return null;
  return `refuses a command of ${refused} bytes behind ${bytes} that wait for a majority; it may take ${maxUncommittedBytes}`;
}

/** Bytes of a command that was refused as too much, although there is room for it; null: there was none. */
function refusedWithRoom({ event, effects }: Step, bytes: number, maxUncommittedBytes: number): number | null {
  if (event.type !== "propose") return null;
  const refused = effects.flatMap((effect) =>
    effect.type === "reply" && effect.outcome.type === "overloaded" ? effect.refs : [],
  );
  if (refused.length === 0) return null;
  const wronged = event.proposals.find(
    (proposal) => refused.includes(proposal.ref) && (bytes === 0 || bytes + proposal.bytes <= maxUncommittedBytes),
  );
  return wronged?.bytes ?? null;
}

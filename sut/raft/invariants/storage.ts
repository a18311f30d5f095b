import type { DiskPromise, FoundOnCopy, Invariant } from "./invariant.ts";
import type { LogModel } from "./log-model.ts";
import { named, type World } from "./world.ts";

/** I22. A write that was under way at the crash may be there or not, and may have replaced what was durable. */
export const noLoss: Invariant = {
  id: "I22",
  name: "NoLoss",
  statement: "what was durable on a server is there after a crash, unless a later write or a snapshot took its place",
  source: "§3.8; Protocol-Aware Recovery (FAST'18), etcd#14370",
  watch: (world, violated) => ({
    started: ({ node, start }) => {
      const { log, disk, pending } = node;
      const durable = disk.log.last;
      const ends = [durable, ...pending.map(({ last }) => last)];
      if (ends.some((end) => world.holds(log, end))) return;
      if (start.snapshot !== null && disk.log.at(start.snapshot.index)?.term !== start.snapshot.term) return;
      violated([node.id], `starts with a log that ends with ${named(log.last)}; ${named(durable)} was durable`);
    },
  }),
};

/**
 * I26. Looked at when a file of the log or of the snapshots has got its name or was removed, on a copy that nothing else
 * uses: whether or not a crash comes at such a moment, the disk must be fit for one.
 */
export const recoverable: Invariant = {
  id: "I26",
  name: "Recoverable",
  statement:
    "whatever file was just renamed or removed, a crash or a loss of power leaves a disk from which the node starts, " +
    "with the term, vote, snapshot and log that were durable",
  source: "§3.8, §5.1; etcd#10219, rabbitmq/ra#142",
  notOnTraces: "disks",
  watch: (world, violated) => ({
    copyRecovered: ({ id, promised, found, log }) => {
      const lost = "refusal" in found ? `does not start: ${found.refusal}` : lostOf(world, promised, found, log);
      if (lost !== null) violated([id], `a node with a copy of its disk ${lost}`);
    },
  }),
};

function lostOf(
  world: World,
  promised: DiskPromise | null,
  { hard, start: { snapshot } }: Exclude<FoundOnCopy, { readonly refusal: string }>,
  log: LogModel | null,
): string | null {
  if (log === null) return null;
  if (log.last.term > hard.term) return `starts in term ${hard.term} with ${named(log.last)} in its log`;
  if (promised === null) return null;
  const { term, votedFor } = promised.hard;
  if (hard.term < term) return `starts in term ${hard.term}; ${term} was durable`;
  if (hard.term === term && votedFor !== null && hard.votedFor !== votedFor) {
    return `starts with a vote for ${hard.votedFor} in term ${term}; one for ${votedFor} was durable`;
  }
  const snapshotIndex = promised.snapshot?.index ?? 0;
  if ((snapshot?.index ?? 0) < snapshotIndex) {
    return `starts behind a snapshot of ${snapshot?.index ?? 0}; one of ${snapshotIndex} was durable`;
  }
  const durable = promised.log.last;
  if ([durable, ...promised.pendingEnds].some((end) => world.holds(log, end))) return null;
  if (snapshot !== null && promised.log.at(snapshot.index)?.term !== snapshot.term) return null;
  return `starts with a log that ends with ${named(log.last)}; ${named(durable)} was durable`;
}

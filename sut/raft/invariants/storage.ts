import type { Invariant } from "./invariant.ts";
import { named } from "./world.ts";

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

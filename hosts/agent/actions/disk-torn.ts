import { z } from "zod";
import type { Action } from "./action.ts";
import { damageRequest } from "./disk-flip.ts";

const request = damageRequest.extend({ kind: z.literal("disk-torn") });

/** Cuts off the end of the last write of a node that does not run. */
export const diskTorn = {
  offer: { means: "cut-off bytes", remedy: "let the agent write the node's files", onlyByName: true },
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ disks }, { node, ...range }) => [await disks.damage(node, "torn", range)],
  undo: ({ disks }, targets) => Promise.all(targets.map(([node]) => disks.restore(node, "torn"))),
} satisfies Action<z.infer<typeof request>>;

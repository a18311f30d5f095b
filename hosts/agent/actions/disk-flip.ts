import { z } from "zod";
import type { Action } from "./action.ts";

/** What both kinds of damage are told. */
export const damageRequest = z.object({
  node: z.string(),
  seed: z.number().int(),
  file: z.string().optional(),
  fromByte: z.number().int().optional(),
  untilByte: z.number().int().optional(),
});
const request = damageRequest.extend({ kind: z.literal("disk-flip") });

/** Flips bits in the files of a node that does not run. */
export const diskFlip = {
  offer: { means: "changed bytes", remedy: "let the agent write the node's files", onlyByName: true },
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ disks }, { node, ...range }) => [await disks.damage(node, "flip", range)],
  undo: ({ disks }, targets) => Promise.all(targets.map(([node]) => disks.restore(node, "flip"))),
} satisfies Action<z.infer<typeof request>>;

import { z } from "zod";
import type { Action } from "./action.ts";

const request = z.object({ kind: z.literal("disk-error"), node: z.string() });

/** Lets all that a node writes fail, by shutting down the file system of its own. To undo it the disk is mounted again. */
export const diskError = {
  offer: null,
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ images }, { node }) => [await images.fail(node)],
  undo: ({ images }, targets) => Promise.all(targets.map(([node]) => images.repair(node))),
} satisfies Action<z.infer<typeof request>>;

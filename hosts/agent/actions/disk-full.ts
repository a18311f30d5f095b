import { z } from "zod";
import type { Action } from "./action.ts";

const request = z.object({ kind: z.literal("disk-full"), node: z.string() });

/** Takes all room of a disk that is a node's own. */
export const diskFull = {
  offer: null,
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ images }, { node }) => [await images.fill(node)],
  undo: ({ images }, targets) => Promise.all(targets.map(([node]) => images.empty(node))),
} satisfies Action<z.infer<typeof request>>;

import { z } from "zod";
import type { Action } from "./action.ts";

const request = z.object({ kind: z.literal("power"), node: z.string() });

/** Takes the power from a node whose disk is its own: what it did not sync is lost. To undo it the disk is mounted and whole. */
export const power = {
  offer: null,
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ images }, { node }) => [await images.losePower(node)],
  undo: ({ images }, targets) => Promise.all(targets.map(([node]) => images.repair(node))),
} satisfies Action<z.infer<typeof request>>;

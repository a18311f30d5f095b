import { z } from "zod";
import { type Action, isEdge } from "./action.ts";

const edge = z.tuple([z.string(), z.string()]).readonly();
const request = z.object({ kind: z.literal("cut"), edges: z.array(edge).readonly() });

/** Drops all that is sent along edges. The evidence takes two machines, so the controller gathers it (see Fleet). */
export const cut = {
  offer: null,
  request,
  targets: ({ edges }) => edges,
  apply: async ({ links }, { edges }) => {
    await links.cut(edges);
    return [];
  },
  undo: async ({ links }, targets) => {
    await links.mend(targets.filter(isEdge));
    return [];
  },
} satisfies Action<z.infer<typeof request>>;

import { z } from "zod";
import type { Edge, Evidence } from "../../../history/annotations.ts";
import type { Impairment } from "../../host.ts";
import { impairments } from "../../links/impairment.ts";
import { isEdge, type Machine, type Target } from "./action.ts";

const edges = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

/** Impairments of edges, an action each: two of different kinds on one edge have nothing to do with each other. */
export const impairActions = {
  "link-slow": impairing("link-slow"),
  "link-lossy": impairing("link-lossy"),
  "link-duplicate": impairing("link-duplicate"),
  "link-reorder": impairing("link-reorder"),
  "link-rate": impairing("link-rate"),
  "link-reset": impairing("link-reset"),
} as const;

/** What it does shows only from the other end of an edge, so the controller gathers the evidence (see Fleet). */
function impairing<Kind extends Impairment["kind"]>(kind: Kind) {
  return {
    offer: null,
    request: z.object({ kind: z.literal(kind), edges, impairment: impairments[kind] }),
    targets: (asked: { readonly edges: readonly Edge[] }): readonly Target[] => asked.edges,
    apply: async (
      { links }: Machine,
      asked: { readonly edges: readonly Edge[]; readonly impairment: Impairment },
    ): Promise<readonly Evidence[]> => {
      await links.impair(asked.edges, asked.impairment);
      return [];
    },
    undo: async ({ links }: Machine, targets: readonly Target[]): Promise<readonly Evidence[]> => {
      await links.repair(targets.filter(isEdge), kind);
      return [];
    },
  };
}

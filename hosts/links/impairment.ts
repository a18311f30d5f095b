import { z } from "zod";
import type { Impairment } from "../host.ts";

const share = z.number().gt(0).lt(1);

/** The schema of each kind of `Impairment`. */
export const impairments = {
  "link-slow": z.strictObject({
    kind: z.literal("link-slow"),
    delayMs: z.number().min(0),
    jitterMs: z.number().min(0),
  }),
  "link-lossy": z.strictObject({ kind: z.literal("link-lossy"), share }),
  "link-duplicate": z.strictObject({ kind: z.literal("link-duplicate"), share }),
  "link-reorder": z.strictObject({ kind: z.literal("link-reorder"), share }),
  "link-rate": z.strictObject({ kind: z.literal("link-rate"), bytesPerSecond: z.number().int().min(1000) }),
  "link-reset": z.strictObject({ kind: z.literal("link-reset"), share }),
} as const satisfies { readonly [Kind in Impairment["kind"]]: z.ZodType<Impairment & { readonly kind: Kind }> };

/** The schema of `Impairment`. */
export const impairment = z.discriminatedUnion("kind", [
  impairments["link-slow"],
  impairments["link-lossy"],
  impairments["link-duplicate"],
  impairments["link-reorder"],
  impairments["link-rate"],
  impairments["link-reset"],
]);

/** How long a packet is held back that others are to overtake. */
export const heldBackMs = 20;

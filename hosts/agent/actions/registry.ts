import { z } from "zod";
import { clock } from "./clock.ts";
import { clockMonotonic } from "./clock-monotonic.ts";
import { cut } from "./cut.ts";
import { diskError } from "./disk-error.ts";
import { diskFlip } from "./disk-flip.ts";
import { diskFull } from "./disk-full.ts";
import { diskTorn } from "./disk-torn.ts";
import { hog } from "./hog.ts";
import { impairActions } from "./impair.ts";
import { pause } from "./pause.ts";
import { power } from "./power.ts";

/** Every action of agents, by its kind. */
export const actions = {
  cut,
  hog,
  pause,
  clock,
  "clock-monotonic": clockMonotonic,
  "disk-flip": diskFlip,
  "disk-torn": diskTorn,
  ...impairActions,
  power,
  "disk-error": diskError,
  "disk-full": diskFull,
} as const;

/** What may be asked of an agent: one action with its parameters. */
export const actionRequest = z.discriminatedUnion("kind", [
  cut.request,
  hog.request,
  pause.request,
  clock.request,
  clockMonotonic.request,
  impairActions["link-slow"].request,
  impairActions["link-lossy"].request,
  impairActions["link-duplicate"].request,
  impairActions["link-reorder"].request,
  impairActions["link-rate"].request,
  impairActions["link-reset"].request,
  diskFlip.request,
  diskTorn.request,
  power.request,
  diskError.request,
  diskFull.request,
]);
export type ActionRequest = z.infer<typeof actionRequest>;

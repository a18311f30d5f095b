import { z } from "zod";
import { clock } from "./clock.ts";
import { clockMonotonic } from "./clock-monotonic.ts";
import { cut } from "./cut.ts";
import { hog } from "./hog.ts";
import { pause } from "./pause.ts";

/** Every action of agents, by its kind. */
export const actions = { cut, hog, pause, clock, "clock-monotonic": clockMonotonic } as const;

/** What may be asked of an agent: one action with its parameters. */
export const actionRequest = z.discriminatedUnion("kind", [
  cut.request,
  hog.request,
  pause.request,
  clock.request,
  clockMonotonic.request,
]);
export type ActionRequest = z.infer<typeof actionRequest>;

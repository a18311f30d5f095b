import { z } from "zod";
import { cut } from "./cut.ts";
import { pause } from "./pause.ts";

/** Every action of agents, by its kind. */
export const actions = { cut, pause } as const;

/** What may be asked of an agent: one action with its parameters. */
export const actionRequest = z.discriminatedUnion("kind", [cut.request, pause.request]);
export type ActionRequest = z.infer<typeof actionRequest>;

import { z } from "zod";
import type { Action } from "./action.ts";

const request = z.object({ kind: z.literal("pause"), node: z.string() });

/** Stops a node's process from being scheduled: SIGSTOP, and SIGCONT to undo it. */
export const pause = {
  offer: { means: "SIGSTOP", remedy: "run on Linux or macOS" },
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ processes }, { node }) => [await processes.pause(node)],
  undo: ({ processes }, targets) => Promise.all(targets.map(([node]) => processes.resume(node))),
} satisfies Action<z.infer<typeof request>>;

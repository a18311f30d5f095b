import { z } from "zod";
import type { Action } from "./action.ts";

const offsetMs = z.number();
const course = z.discriminatedUnion("type", [
  z.object({ type: z.literal("jump"), offsetMs }),
  z.object({ type: z.literal("drift"), rate: z.number().positive() }),
  z.object({ type: z.literal("strobe"), offsetMs, everyMs: z.number().min(10) }),
]);
const request = z.object({ kind: z.literal("clock"), node: z.string(), course });

/** Sets the wall clock that a node's process reads; it jumps back to the true time to undo it. */
export const clock = {
  offer: { means: "libfaketime", remedy: "install libfaketime (on Debian: apt install libfaketime)" },
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ clocks }, { node, course: wanted }) => [await clocks.setWall(node, wanted)],
  undo: ({ clocks }, targets) => Promise.all(targets.map(([node]) => clocks.restoreWall(node))),
} satisfies Action<z.infer<typeof request>>;

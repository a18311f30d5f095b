import { z } from "zod";
import { clockCourse } from "../../clocks/course.ts";
import type { Action } from "./action.ts";

const request = z.object({ kind: z.literal("clock"), node: z.string(), course: clockCourse });

/** Sets the wall clock that a node's process reads; it jumps back to the true time to undo it. */
export const clock = {
  offer: { means: "libfaketime", remedy: "install libfaketime (on Debian: apt install libfaketime)" },
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ clocks }, { node, course }) => [await clocks.setWall(node, course)],
  undo: ({ clocks }, targets) => Promise.all(targets.map(([node]) => clocks.restoreWall(node))),
} satisfies Action<z.infer<typeof request>>;

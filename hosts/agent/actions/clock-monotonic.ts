import { z } from "zod";
import { clockRate } from "../../clocks/course.ts";
import type { Action } from "./action.ts";
import { clock } from "./clock.ts";

const request = z.object({ kind: z.literal("clock-monotonic"), node: z.string(), rate: clockRate });

/**
 * Changes the rate of the monotonic clock that a node's process reads, and of its wall clock with it. To undo it the clock
 * runs at another rate until it shows the true time again: a monotonic clock never runs backwards.
 */
export const clockMonotonic = {
  offer: clock.offer,
  request,
  targets: ({ node }) => [[node]],
  apply: async ({ clocks }, { node, rate }) => [await clocks.setRate(node, rate)],
  undo: ({ clocks }, targets) => Promise.all(targets.map(([node]) => clocks.catchUp(node))),
} satisfies Action<z.infer<typeof request>>;

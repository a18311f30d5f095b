import type { Generator } from "./generator.ts";

/**
 * An open loop: an operation is due every 1/perSecond seconds, whether or not the one before has been answered. When no
 * process is free the operation comes late and keeps its due time, so that the wait counts as latency.
 */
export function rate(perSecond: Rate, generator: Generator): Generator {
  return open(intervalOf(perSecond), generator, 0, false);
}

/** Operations a second, all the time or by the time since the start of the load. */
export type Rate = number | ((timeNs: number) => number);

/** How long after an operation of that time the next one is due. */
type Interval = (timeNs: number) => number;

function intervalOf(perSecond: Rate): Interval {
  return typeof perSecond === "number" ? () => 1e9 / perSecond : (timeNs) => 1e9 / perSecond(timeNs);
}

/** @param afterPause The generator had nothing to do for free processes: such a pause of its own is not made up for. */
function open(intervalNs: Interval, generator: Generator, dueNs: number, afterPause: boolean): Generator {
  let paused = afterPause;
  const self: Generator = {
    next: (context) => {
      // Asked no sooner than it is due: an operation may depend on what was answered last, and must not be drawn early.
      if (context.timeNs < dueNs) return { type: "pending", untilNs: dueNs };
      const step = generator.next(context);
      if (step?.type !== "offer") {
        paused ||= context.free.length > 0;
        return step;
      }
      const { timeNs } = context;
      const atNs = paused || step.atNs > timeNs ? Math.max(step.atNs, dueNs) : dueNs;
      return { ...step, atNs, rest: open(intervalNs, step.rest, atNs + intervalNs(atNs), false) };
    },
    hear: (event, context) => {
      const heard = generator.hear(event, context);
      return heard === generator ? self : open(intervalNs, heard, dueNs, paused);
    },
  };
  return self;
}

import { type Generator, withRest } from "./generator.ts";

/**
 * An open loop: an operation is due every 1/perSecond seconds, whether or not the one before has been answered. When no
 * process is free the operation comes late and keeps its due time, so that the wait counts as latency.
 */
export function rate(perSecond: number, generator: Generator, fromNs = 0): Generator {
  let dueNs = fromNs;
  return {
    next: (context) => {
      const step = withRest(generator.next(context), (rest) => rate(perSecond, rest, dueNs + 1e9 / perSecond));
      if (step?.type === "offer")
        return { ...step, atNs: step.atNs > context.timeNs ? Math.max(step.atNs, dueNs) : dueNs };
      // A pause that the generator itself makes, such as between phases, is not made up for.
      if (context.free.length > 0) dueNs = Math.max(dueNs, context.timeNs);
      return step;
    },
    hear: (event, context) => rate(perSecond, generator.hear(event, context), dueNs),
  };
}

import { type Generator, withRest } from "./generator.ts";

/** A generator for so long, counted from when it was first asked. What is under way then is not cut short. */
export function timeLimit(limitMs: number, generator: Generator, untilNs?: number): Generator {
  let endNs = untilNs;
  return {
    next: (context) => {
      endNs ??= context.timeNs + limitMs * 1e6;
      if (context.timeNs >= endNs) return null;
      const step = generator.next(context);
      if (step === null) return null;
      const dueNs = step.type === "offer" ? step.atNs : step.untilNs;
      if (dueNs >= endNs) return { type: "pending", untilNs: endNs };
      return withRest(step, (rest) => timeLimit(limitMs, rest, endNs));
    },
    hear: (event, context) => timeLimit(limitMs, generator.hear(event, context), endNs),
  };
}

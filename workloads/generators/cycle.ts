import { type Generator, withRest } from "./generator.ts";

/** A generator from the start again each time that it has nothing more. Null where it never has anything. */
export function cycle(original: Generator, times = Number.POSITIVE_INFINITY, current = original): Generator {
  const again = (rest: Generator): Generator => cycle(original, times, rest);
  return {
    next: (context) => {
      if (times === 0) return null;
      const step = current.next(context);
      if (step !== null) return withRest(step, again);
      return times === 1 ? null : withRest(original.next(context), (rest) => cycle(original, times - 1, rest));
    },
    hear: (event, context) => again(current.hear(event, context)),
  };
}

import { type Generator, withRest } from "./generator.ts";

/** The first operation of a generator again and again; it is asked anew each time, but never goes on. */
export function repeat(generator: Generator, times = Number.POSITIVE_INFINITY): Generator {
  return {
    next: (context) => (times === 0 ? null : withRest(generator.next(context), () => repeat(generator, times - 1))),
    hear: (event, context) => repeat(generator.hear(event, context), times),
  };
}

import { type Generator, withRest } from "./generator.ts";

/** At most so many operations of a generator. */
export function limit(count: number, generator: Generator): Generator {
  return {
    next: (context) => (count === 0 ? null : withRest(generator.next(context), (rest) => limit(count - 1, rest))),
    hear: (event, context) => limit(count, generator.hear(event, context)),
  };
}

import { type Generator, withRest } from "./generator.ts";

/** An operation of the one, then one of the other, and so on, until either has nothing more. */
export function flipFlop(now: Generator, then: Generator): Generator {
  return {
    next: (context) => withRest(now.next(context), (rest) => flipFlop(then, rest)),
    hear: (event, context) => flipFlop(now.hear(event, context), then.hear(event, context)),
  };
}

import type { HistoryEvent } from "../../history/event.ts";
import { type Generator, withRest } from "./generator.ts";

/** A generator that is changed, or replaced by another, by what is heard: the answer is what goes on. */
export function adapt(
  generator: Generator,
  react: (event: HistoryEvent, generator: Generator) => Generator,
): Generator {
  return {
    next: (context) => withRest(generator.next(context), (rest) => adapt(rest, react)),
    hear: (event, context) => adapt(react(event, generator.hear(event, context)), react),
  };
}

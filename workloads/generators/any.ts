import type { Generator } from "./generator.ts";
import { soonest } from "./soonest.ts";

/** Whichever of the generators has the soonest operation; among equals they take turns. */
export function any(...generators: readonly Generator[]): Generator {
  return {
    next: (context) =>
      soonest(
        generators.map((generator, place) => ({
          step: generator.next(context),
          // The one that was taken goes to the end of the line.
          rest: (inner) => any(...generators.toSpliced(place, 1), inner),
        })),
      ),
    hear: (event, context) => any(...generators.map((generator) => generator.hear(event, context))),
  };
}

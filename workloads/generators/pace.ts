import type { RandomStream } from "../../random/stream.ts";
import type { Generator } from "./generator.ts";

const nsPerMs = 1e6;

/** At least so much time between one operation and the next. What is missed while no process is free is not made up for. */
export function delay(gapMs: number, generator: Generator): Generator {
  return spaced(() => gapMs * nsPerMs, generator, 0);
}

/** Random time from one operation to the next, on average so much: between nothing and twice as much. */
export function stagger(random: RandomStream, meanMs: number, generator: Generator): Generator {
  return spaced(() => 2 * meanMs * nsPerMs * random.fraction(), generator, 0);
}

function spaced(gapNs: () => number, generator: Generator, notBeforeNs: number | (() => number)): Generator {
  let beforeNs = typeof notBeforeNs === "number" ? notBeforeNs : null;
  const earliestNs = (): number => (beforeNs ??= (notBeforeNs as () => number)());
  return {
    next: (context) => {
      const step = generator.next(context);
      if (step?.type !== "offer") return step;
      const atNs = Math.max(step.atNs, context.timeNs, earliestNs());
      return { ...step, atNs, rest: spaced(gapNs, step.rest, () => atNs + gapNs()) };
    },
    hear: (event, context) => spaced(gapNs, generator.hear(event, context), earliestNs),
  };
}

import type { HistoryEvent } from "../../history/event.ts";
import { type Generator, nothing, withRest } from "./generator.ts";

/** A generator until one of its own operations ended ok. */
export function untilOk(generator: Generator, underWay: ReadonlySet<HistoryEvent["process"]> = new Set()): Generator {
  return {
    next: (context) => {
      const step = generator.next(context);
      if (step?.type !== "offer") return step;
      return withRest(step, (rest) => untilOk(rest, new Set([...underWay, step.process])));
    },
    hear: (event, context) => {
      const own = event.type !== "invoke" && underWay.has(event.process);
      if (own && event.type === "ok") return nothing;
      const left = own ? new Set([...underWay].filter((process) => process !== event.process)) : underWay;
      return untilOk(generator.hear(event, context), left);
    },
  };
}

import type { HistoryEvent } from "../../history/event.ts";
import type { HistorySink } from "../../history/writer.ts";
import type { Clock } from "../../time/clock.ts";

/** An event before the recorder stamped it. */
export type Unstamped = Omit<HistoryEvent, "index" | "time">;

/** Where a run's events go: stamped, in order. */
export interface Recorder {
  record(event: Unstamped): HistoryEvent;
  /** Hands what was recorded to the operating system. Throws when it cannot: no request may be sent then. */
  flush(): void;
}

/**
 * Stamps index and time in the caller's own synchronous turn. An invocation must be recorded before its request
 * leaves, a completion after its answer was decoded: a stamp that widens the interval is sound, the reverse is not.
 */
export function createRecorder(
  clock: Pick<Clock, "nowNs">,
  sink: Pick<HistorySink, "write" | "flush">,
  listeners: readonly ((event: HistoryEvent) => void)[],
  firstIndex = 0,
): Recorder {
  let index = firstIndex;
  return {
    record: (unstamped) => {
      const event: HistoryEvent = { ...unstamped, index: index++, time: clock.nowNs() };
      sink.write(event);
      for (const listener of listeners) listener(event);
      return event;
    },
    flush: () => sink.flush(),
  };
}

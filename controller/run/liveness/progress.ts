import type { HistoryEvent } from "../../../history/event.ts";
import type { Recorder } from "../recorder.ts";

/** A recorder that knows whether clients get anywhere. */
export interface ProgressWatch extends Recorder {
  /** Whether an operation that was invoked after this call has been answered `ok`; to be asked again and again. */
  sinceNow(): () => boolean;
}

/** Hands everything on to a recorder, and looks at what passes. */
export function watchProgress({ record, flush }: Recorder): ProgressWatch {
  /** What waits for an answer, by process; the number counts invocations. */
  const underWay = new Map<HistoryEvent["process"], number>();
  let invoked = 0;
  let newestAnswered = 0;
  return {
    flush,
    record: (event) => {
      if (event.type === "invoke") underWay.set(event.process, ++invoked);
      if (event.type === "ok") newestAnswered = Math.max(newestAnswered, underWay.get(event.process) ?? 0);
      return record(event);
    },
    sinceNow: () => {
      const before = invoked;
      return () => newestAnswered > before;
    },
  };
}

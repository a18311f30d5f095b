import type { ProcessEndRecord } from "../../../history/annotations.ts";
import type { Unstamped } from "../../run/recorder.ts";
import type { Recording } from "../../run/recording.ts";

/** The recording of a soak: while a segment is under way, what happens goes into that one's. Phases are each one's own. */
export interface Relay extends Recording {
  /** Until disposal, what watches the cluster is recorded there, whose times count from this one of the soak. */
  to(recording: Recording, zeroNs: number): Disposable;
}

export function relayBeside(between: Recording): Relay {
  let current: { readonly recording: Recording; readonly zeroNs: number } | null = null;
  const recording = (): Recording => current?.recording ?? between;
  return {
    record: (event) => recording().record(current === null ? event : timedFrom(current.zeroNs, event)),
    flush: () => recording().flush(),
    keys: () => recording().keys(),
    phase: between.phase,
    warn: (warning) => recording().warn(warning),
    lost: between.lost,
    to: (next, zeroNs) => {
      current = { recording: next, zeroNs };
      return {
        [Symbol.dispose]: () => {
          current = null;
        },
      };
    },
  };
}

/** The end of a process says by the soak's clock when it was. */
function timedFrom(zeroNs: number, event: Unstamped): Unstamped {
  if (event.process !== "controller" || event.f !== "process-end") return event;
  const end = event.value as ProcessEndRecord; // what `carryOut` records under this name
  return { ...event, value: { ...end, endedNs: end.endedNs - zeroNs } };
}

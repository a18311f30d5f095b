import type { PhaseRecord, WarningRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import type { HistorySink } from "../../history/writer.ts";
import type { Clock } from "../../time/clock.ts";
import type { Tell } from "./progress.ts";
import { createRecorder, type Recorder } from "./recorder.ts";

/** The history of a run while it grows: the recorder, and what the harness itself has to say. */
export interface Recording extends Recorder {
  /** Every key that clients named so far, in the order of their first use. */
  keys(): readonly string[];
  phase(record: PhaseRecord): void;
  /** Aborted, with the reason, when the history takes no more events. */
  readonly lost: AbortSignal;
  warn(warning: string): void;
}

/**
 * Begins the history of a run; tells of each client's completion, and of each warning. `hear` gets every event that was
 * written.
 */
export function openRecording(
  clock: Clock,
  sink: HistorySink,
  tell: Tell,
  hear: (event: HistoryEvent) => void,
): Recording {
  const warn = (warning: string): void => {
    recorder.record({ process: "controller", type: "info", f: "warning", value: { warning } satisfies WarningRecord });
    tell({ type: "warning", warning });
  };
  const keys = new Set<string>();
  const listeners = [
    hear,
    (event: HistoryEvent) => tellOutcome(event, tell),
    (event: HistoryEvent) => warnOfBrokenClient(event, warn),
    (event: HistoryEvent) => {
      for (const key of keysOf(event)) keys.add(key);
    },
  ];
  const recorder = createRecorder(clock, sink, listeners);
  return {
    ...recorder,
    lost: sink.lost,
    keys: () => [...keys],
    phase: (record) => {
      recorder.record({ process: "controller", type: "info", f: "phase", value: record });
    },
    warn,
  };
}

function tellOutcome({ process, type }: HistoryEvent, tell: Tell): void {
  if (typeof process === "number" && type !== "invoke") tell({ type: "operation", outcome: type });
}

/** The key of an operation, or those of its steps, as transactions have them. */
function keysOf({ process, type, key, value }: HistoryEvent): readonly string[] {
  if (typeof process !== "number" || type !== "invoke") return [];
  if (key !== undefined) return [key];
  return Array.isArray(value) ? value.flatMap((step: unknown) => (isOnKey(step) ? [step[1]] : [])) : [];
}

function isOnKey(step: unknown): step is readonly [string, string] {
  return Array.isArray(step) && typeof step[1] === "string";
}

/** An operation that its client did not answer, not even with a timeout, is named: the client needs repair. */
function warnOfBrokenClient({ process, f, key, error, detail }: HistoryEvent, warn: (warning: string) => void): void {
  const operation = `${f}${key === undefined ? "" : ` of ${key}`}`;
  if (error === "client-stuck") {
    warn(`load: the client of process ${process} never answered its ${operation}, not even with a timeout`);
  }
  if (error === "client-error") warn(`load: the client of process ${process} threw in its ${operation}: ${detail}`);
}

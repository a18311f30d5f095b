import { join } from "node:path";
import type { PhaseRecord, WarningRecord } from "../history/annotations.ts";
import type { HistoryEvent } from "../history/event.ts";
import { runFiles } from "../history/test-record.ts";
import { openHistoryWriter } from "../history/writer.ts";
import { type RunClock, startClock } from "./clock.ts";
import type { Tell } from "./progress.ts";
import { createRecorder, type Recorder } from "./recorder.ts";

/** The history of a run while it grows: the clock, the recorder, and what the harness itself has to say. */
export interface Recording extends Recorder {
  readonly clock: RunClock;
  phase(phase: PhaseRecord["phase"]): void;
  warn(warning: string): void;
  /** Resolves when every event is on disk. */
  close(): Promise<void>;
}

/** Opens the history of a run folder; tells of each client's completion, and of each warning. */
export function openRecording(folder: string, tell: Tell): Recording {
  const clock = startClock();
  const writer = openHistoryWriter(join(folder, runFiles.history));
  const warn = (warning: string): void => {
    recorder.record({ process: "controller", type: "info", f: "warning", value: { warning } satisfies WarningRecord });
    tell({ type: "warning", warning });
  };
  const listeners = [
    (event: HistoryEvent) => tellOutcome(event, tell),
    (event: HistoryEvent) => warnOfStuck(event, warn),
  ];
  const recorder = createRecorder(clock, (event) => writer.write(event), listeners);
  return {
    ...recorder,
    clock,
    phase: (phase) => {
      recorder.record({ process: "controller", type: "info", f: "phase", value: { phase } satisfies PhaseRecord });
    },
    warn,
    close: () => writer.close(),
  };
}

function tellOutcome({ process, type }: HistoryEvent, tell: Tell): void {
  if (typeof process === "number" && type !== "invoke") tell({ type: "operation", outcome: type });
}

/** An operation that its client gave no answer to, not even a timeout, is named: somebody has to look at the client. */
function warnOfStuck({ process, f, key, error }: HistoryEvent, warn: (warning: string) => void): void {
  if (error !== "client-stuck") return;
  warn(
    `load: the client of process ${process} never answered its ${f}${key === undefined ? "" : ` of ${key}`}, not even by a timeout`,
  );
}

import { join } from "node:path";
import { UsageError } from "../../errors/errors.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { endOf } from "../../history/history-end.ts";
import { isFile, openHistory } from "../../history/reader.ts";
import { runFiles } from "../../history/test-record.ts";
import { continueHistoryWriter } from "../../history/writer.ts";
import { isUnderWay } from "../../store/prune.ts";
import { type Clock, clockAt } from "../../time/clock.ts";
import { createRecorder, type Recorder, type Unstamped } from "./recorder.ts";

/** The history of a run whose controller ended, open again. */
export interface ContinuedHistory extends Recorder {
  /** On the time axis of the history: it goes on at the last recorded time. */
  readonly clock: Clock;
  /** This number and all above it belong to no client yet. */
  readonly unusedProcess: number;
  /** Resolves when the disk has everything. Rejects when it could not take it. */
  close(): Promise<void>;
}

/**
 * Goes on with the history in a run folder behind its last whole event. What was under way ends in `info`: its controller
 * ended before an answer could be recorded. Rejects with a UsageError where the run is still under way or has ended, and with a
 * HistoryError where its history is damaged before the last line.
 */
export async function continueHistory(folder: string, clock: Clock): Promise<ContinuedHistory> {
  const file = join(folder, runFiles.history);
  if (!isFile(file))
    throw new UsageError(`${folder}: has no ${runFiles.history}; only a run that was cut short has one`);
  if (await isUnderWay(folder)) throw new UsageError(`${folder}: its controller is still running; end that first`);
  const { last, lastProcess, open, file: end } = endOf(openHistory(file));
  if (last !== null && endsRun(last))
    throw new UsageError(`${folder}: its run has ended; nothing can follow in its history`);
  const writer = continueHistoryWriter(file, end);
  const continued = clockAt(last?.time ?? 0, clock);
  const recorder = createRecorder(continued, writer, [], (last?.index ?? -1) + 1);
  for (const invocation of open) recorder.record(unanswered(invocation));
  recorder.flush();
  return {
    ...recorder,
    clock: continued,
    unusedProcess: lastProcess + 1,
    close: async () => {
      await writer.close();
      writer.lost.throwIfAborted();
    },
  };
}

function endsRun({ process, f, value }: HistoryEvent): boolean {
  if (process !== "controller" || f !== "phase" || typeof value !== "object" || value === null) return false;
  return "phase" in value && value.phase === "end";
}

function unanswered({ process, f, key, value }: HistoryEvent): Unstamped {
  const operation = { process, f, value, ...(key === undefined ? {} : { key }) };
  return { ...operation, type: "info", error: "controller-ended" };
}

import { statSync } from "node:fs";
import type { HistoryEvent } from "./event.ts";
import { fileChunks } from "./file-chunks.ts";
import { lineRegions } from "./lines.ts";
import { isJson } from "./parse-event.ts";
import type { StoredHistory } from "./reader.ts";
import type { FileEnd } from "./writer.ts";

/** Where a history ends that nobody writes any more. */
export interface HistoryEnd {
  /** Null: it has no event. */
  readonly last: HistoryEvent | null;
  /** The highest number of a client process; -1: none. */
  readonly lastProcess: number;
  /** Invocations that nothing completed, in file order. */
  readonly open: readonly HistoryEvent[];
  readonly file: FileEnd;
}

/** Reads a history up to its end. Throws HistoryError where it is damaged before its last line. */
export function endOf(history: StoredHistory): HistoryEnd {
  const open = new Map<number, HistoryEvent>();
  let last: HistoryEvent | null = null;
  let lastProcess = -1;
  for (const event of history) {
    last = event;
    if (typeof event.process !== "number") continue;
    lastProcess = Math.max(lastProcess, event.process);
    if (event.type === "invoke") open.set(event.process, event);
    else open.delete(event.process);
  }
  return { last, lastProcess, open: [...open.values()], file: fileEnd(history.file) };
}

/** A last line without a newline is an event if it is whole: only its newline was lost. */
function fileEnd(file: string): FileEnd {
  const size = statSync(file).size;
  for (const { bytes, end, terminated } of lineRegions(fileChunks(file))) {
    if (terminated) continue;
    return isJson(bytes.toString("utf8", 0, end))
      ? { wholeBytes: size, isTerminated: false }
      : { wholeBytes: size - end, isTerminated: true };
  }
  return { wholeBytes: size, isTerminated: true };
}

import { closeSync, openSync, writeSync } from "node:fs";
import type { HistoryEvent } from "../event.ts";
import { formatEvent } from "../writer.ts";

const batchCharacters = 1 << 20;

/**
 * Writes events to a new file in our own notation, and gives each on once it is written or soon will be. The file is
 * complete when the last event has been taken; memory does not grow with it.
 */
export function* writingHistory(file: string, events: Iterable<HistoryEvent>): Generator<HistoryEvent> {
  const descriptor = openSync(file, "wx");
  try {
    let batch = "";
    for (const event of events) {
      batch += formatEvent(event);
      if (batch.length >= batchCharacters) {
        writeSync(descriptor, batch);
        batch = "";
      }
      yield event;
    }
    writeSync(descriptor, batch);
  } finally {
    closeSync(descriptor);
  }
}

/** The same at one go. */
export function writeHistory(file: string, events: Iterable<HistoryEvent>): void {
  const written = writingHistory(file, events);
  while (written.next().done !== true);
}

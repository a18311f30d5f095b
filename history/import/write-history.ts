import { closeSync, openSync, writeSync } from "node:fs";
import type { HistoryEvent } from "../event.ts";
import { formatEvent } from "../writer.ts";

const batchCharacters = 1 << 20;

/** Writes events to a new file in our own notation, as they come; memory does not grow with them. */
export function writeHistory(file: string, events: Iterable<HistoryEvent>): void {
  const descriptor = openSync(file, "wx");
  try {
    let batch = "";
    for (const event of events) {
      batch += formatEvent(event);
      if (batch.length < batchCharacters) continue;
      writeSync(descriptor, batch);
      batch = "";
    }
    writeSync(descriptor, batch);
  } finally {
    closeSync(descriptor);
  }
}

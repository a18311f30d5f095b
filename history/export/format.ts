import type { HistoryEvent } from "../event.ts";

/** A notation that histories can be written in: a file a notation, listed in `registry.ts`. */
export interface ExportFormat {
  readonly name: string;
  /** What it is good for, for help. */
  readonly description: string;
  /** How its files end. */
  readonly extension: string;
  /** The file's content, piece by piece as the events come. */
  pieces(events: Iterable<HistoryEvent>): Iterable<string> | AsyncIterable<Uint8Array>;
}

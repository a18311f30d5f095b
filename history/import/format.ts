import type { HistoryEvent } from "../event.ts";

/** A notation of histories that can be read: a file a notation, listed in `registry.ts`. */
export interface ImportFormat {
  readonly name: string;
  /** Whose files these are, for help. */
  readonly description: string;
  /** Whether a read of nil says nothing, as in Knossos: its answer is not known. */
  readonly nilReadsSayNothing?: true;
  /** Whether values may be `[key value]`, for `FormatOptions.independent`. */
  readonly independent?: true;
  /** Whether a file that begins like this is in the notation. Asked in the order of the registry. */
  recognizes(head: string): boolean;
  /** The events, read as a stream. Throws HistoryError, with the line, at the first that cannot be right. */
  events(file: string, options: FormatOptions): Iterable<LocatedEvent>;
}

export interface FormatOptions {
  /** Jepsen's `independent` tests write `[key value]` where others write the value. */
  readonly independent: boolean;
  /** Hears of what was tolerated, once each, before the last event is given. */
  readonly warn: (warning: string) => void;
}

export interface LocatedEvent {
  readonly event: HistoryEvent;
  /** Where the event stands in the file it comes from, from 1. */
  readonly line: number;
}

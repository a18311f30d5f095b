import type { HistoryEvent } from "../../history/event.ts";
import type { EventScanner } from "../../history/event-scanner.ts";

/**
 * A way to hold what a history says, such as a table of its operations, that several checkers share. All forms that the
 * checkers of an analysis name are filled in one pass over the file.
 */
export interface Form<Held> {
  /** @internal How it is filled needs the types of Node, which programs that use the library need not have. */
  begin(): Filling<Held>;
}

/**
 * A form that is being filled. It hears of each event in file order, once, after the order of events was checked.
 * `operation` counts invocations from 0; a completion has that of its invocation, and what the harness recorded has -1.
 * @internal
 */
export interface Filling<Held> {
  readonly held: Held;
  /** Whether it needs the values of all events. One that does not leaves them to the scanners of the others. */
  readonly needsValues: boolean;
  /** Reads lines of a client that hold more than scalars, faster than JSON.parse. */
  readonly scanner?: EventScanner;
  event(event: HistoryEvent, operation: number, line: number): void;
  /** A client's event from the bytes of its line. Where this is left out, `event` gets it. */
  scanned?(bytes: Buffer, scanner: EventScanner, operation: number, line: number): void;
}

import { parseTraceLine, type TraceLine, TraceLineError } from "./trace-line.ts";

/** The trace of one node. */
export interface Trace {
  /** How it is called where something is wrong with it. */
  readonly name: string;
  readonly lines: Iterable<string>;
}

/** A trace that cannot be read: which, where, and why. */
export class DamagedTrace extends Error {}

/** The lines of all traces by the machine's clock, in which no message arrives before it was sent. Throws DamagedTrace. */
export function* merged(traces: readonly Trace[]): Generator<TraceLine> {
  const sources = traces.map(parsedLines);
  const heads = sources.map((source) => source.next());
  for (;;) {
    let first = -1;
    for (const [place, head] of heads.entries()) {
      if (head.done === true) continue;
      const best = heads[first];
      if (best === undefined || best.done === true || head.value.t < best.value.t) first = place;
    }
    const head = heads[first];
    if (head === undefined || head.done === true) return;
    yield head.value;
    heads[first] = sources[first]!.next();
  }
}

function* parsedLines({ name, lines }: Trace): Generator<TraceLine, undefined> {
  let number = 0;
  for (const text of lines) {
    number++;
    try {
      yield parseTraceLine(text);
    } catch (cause) {
      if (!(cause instanceof TraceLineError)) throw cause;
      throw new DamagedTrace(`${name}, line ${number}: ${cause.message}`, { cause });
    }
  }
}

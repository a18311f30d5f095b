import type { EventType, HistoryEvent } from "./event.ts";
import { EventScanner, lineTypes, type Scalar, scalarKinds } from "./event-scanner.ts";
import { textOf } from "./exact-json.ts";

const marks = {
  f: Buffer.from('","f":"'),
  key: Buffer.from(',"key":"'),
  value: Buffer.from(',"value":'),
  null: Buffer.from("null"),
  cas: Buffer.from("cas"),
} as const;

const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/**
 * Reads the lines of operations on one key whose value is a scalar, or the two of a compare-and-set. One scanner serves
 * a whole file.
 */
export class LineScanner extends EventScanner {
  protected body(): boolean {
    this.keyStart = this.keyEnd = -1;
    this.value.kind = this.second.kind = scalarKinds.none;
    if (!this.skip(marks.f)) return false;
    this.fStart = this.at;
    if (!this.restOfString()) return false;
    this.fEnd = this.at - 1;
    if (this.skip(marks.key)) {
      this.keyStart = this.at;
      if (!this.restOfString()) return false;
      this.keyEnd = this.at - 1;
    }
    return !this.skip(marks.value) || this.#value();
  }

  #value(): boolean {
    if (!this.take(openBracket)) return this.#scalar(this.value);
    if (!this.#isCas()) return false;
    return this.#scalar(this.value) && this.take(comma) && this.#scalar(this.second) && this.take(closeBracket);
  }

  #isCas(): boolean {
    if (this.fEnd - this.fStart !== marks.cas.length) return false;
    for (let i = 0; i < marks.cas.length; i++) if (this.bytes[this.fStart + i] !== marks.cas[i]) return false;
    return true;
  }

  #scalar(scalar: Scalar): boolean {
    if (this.digits()) {
      scalar.kind = scalarKinds.number;
      scalar.number = this.number;
      return true;
    }
    if (this.skip(marks.null)) {
      scalar.kind = scalarKinds.null;
      return true;
    }
    if (!this.take(quote)) return false;
    scalar.kind = scalarKinds.string;
    scalar.start = this.at;
    if (!this.restOfString()) return false;
    scalar.end = this.at - 1;
    return true;
  }
}

const typeNames = Object.keys(lineTypes) as EventType[]; // in the order of their numbers

/** A line that was scanned, as the event that JSON.parse would have made of it. */
export function scannedEvent(bytes: Buffer, line: EventScanner): HistoryEvent {
  const text = (start: number, end: number): string => bytes.toString("latin1", start, end);
  const { value, second } = line;
  const first = scalarValue(bytes, value);
  return {
    index: line.index,
    time: line.time,
    process: line.process,
    type: typeNames[line.type]!,
    f: text(line.fStart, line.fEnd),
    ...(line.keyStart < 0 ? {} : { key: text(line.keyStart, line.keyEnd) }),
    ...(value.kind === scalarKinds.none
      ? {}
      : { value: second.kind === scalarKinds.none ? first : [first, scalarValue(bytes, second)] }),
    ...(line.nodeStart < 0 ? {} : { node: text(line.nodeStart, line.nodeEnd) }),
    ...(line.errorStart < 0 ? {} : { error: text(line.errorStart, line.errorEnd) }),
    ...(line.intendedNs < 0 ? {} : { intendedNs: line.intendedNs }),
  };
}

function scalarValue(bytes: Buffer, { kind, number, start, end }: Scalar): number | string | null {
  if (kind === scalarKinds.number) return number;
  return kind === scalarKinds.string ? textOf(bytes.toString("latin1", start, end)) : null;
}

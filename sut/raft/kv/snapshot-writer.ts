import { encodeRow, type SnapshotRow } from "./snapshot-rows.ts";

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const mostBytesPerUnit = 3;

/** Rows as bytes, in pieces. Pieces cut anywhere but within a row; put together they depend on the rows alone. */
export class SnapshotWriter {
  readonly #rows: Iterator<SnapshotRow>;
  /** A row that did not fit into the last piece. */
  #held: string | null = null;

  constructor(rows: Iterator<SnapshotRow>) {
    this.#rows = rows;
  }

  /** The next piece of at most so many bytes, or one row that is larger; null: there is no more. */
  next(maxBytes: number): Uint8Array | null {
    const piece = Buffer.allocUnsafe(maxBytes);
    let filled = 0;
    for (let row = this.#take(); row !== null; row = this.#take()) {
      if (!fits(row, maxBytes - filled)) {
        if (filled === 0) return Buffer.from(row);
        this.#held = row;
        break;
      }
      filled += piece.write(row, filled);
    }
    return filled === 0 ? null : piece.subarray(0, filled);
  }

  #take(): string | null {
    const held = this.#held;
    this.#held = null;
    if (held !== null) return held;
    const { done, value } = this.#rows.next();
    return done ? null : encodeRow(value);
  }
}

function fits(row: string, room: number): boolean {
  return mostBytesPerUnit * row.length <= room || Buffer.byteLength(row) <= room;
}

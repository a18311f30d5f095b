import type { Json } from "./commands.ts";
import type { Session } from "./sessions.ts";
import { lineFeed, type SnapshotRow, snapshotVersion } from "./snapshot-rows.ts";

export class SnapshotError extends Error {}

/** Where a snapshot's content goes. */
export interface SnapshotTarget {
  setValue(key: string, value: Json): void;
  restoreSessions(lastId: number, sessions: readonly Session[]): void;
}

/** Reads a snapshot in pieces, cut anywhere. Throws SnapshotError for one that is not whole or not of this format. */
export class SnapshotReader {
  readonly #target: SnapshotTarget;
  readonly #sessions: Session[] = [];
  #begun: Uint8Array[] = [];
  #rows = 0;
  #ended = false;

  constructor(target: SnapshotTarget) {
    this.#target = target;
  }

  push(piece: Uint8Array): void {
    let start = 0;
    for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, start)) {
      this.#begun.push(piece.subarray(start, end));
      this.#read(Buffer.concat(this.#begun).toString());
      this.#begun = [];
      start = end + 1;
    }
    // Copied: the caller may use its buffer again.
    if (start < piece.length) this.#begun.push(piece.slice(start));
  }

  /** To be called when there are no more pieces. */
  finish(): void {
    if (!this.#ended || this.#begun.length > 0)
      throw new SnapshotError(`the snapshot ends early, after row ${this.#rows}`);
  }

  #read(line: string): void {
    const row = parse(line, this.#rows);
    if (this.#ended) throw new SnapshotError(`the snapshot continues after its end with ${shown(line)}`);
    if ((this.#rows === 0) !== (row[0] === "keelhaul-kv")) throw unreadable(line, this.#rows);
    if (row[0] === "keelhaul-kv" && row[1] !== snapshotVersion) {
      throw new SnapshotError(`the snapshot is of format ${row[1]}; this node reads ${snapshotVersion}`);
    }
    if (row[0] === "value") this.#target.setValue(row[1], row[2]);
    if (row[0] === "session") this.#sessions.push({ id: row[1], sequence: row[2], answer: row[3] });
    if (row[0] === "end") this.#end(row[1], row[2]);
    this.#rows++;
  }

  #end(lastSessionId: number, rows: number): void {
    if (rows !== this.#rows) throw new SnapshotError(`the snapshot has ${this.#rows} rows before its end, not ${rows}`);
    this.#target.restoreSessions(lastSessionId, this.#sessions);
    this.#ended = true;
  }
}

const kinds: ReadonlySet<unknown> = new Set<SnapshotRow[0]>(["keelhaul-kv", "value", "session", "end"]);

function parse(line: string, rowsBefore: number): SnapshotRow {
  try {
    const row: unknown = JSON.parse(line);
    if (Array.isArray(row) && kinds.has(row[0])) return row as unknown as SnapshotRow;
  } catch (cause) {
    throw unreadable(line, rowsBefore, cause);
  }
  throw unreadable(line, rowsBefore);
}

function unreadable(line: string, rowsBefore: number, cause?: unknown): SnapshotError {
  return new SnapshotError(`row ${rowsBefore + 1} of the snapshot cannot be read: ${shown(line)}`, { cause });
}

function shown(line: string): string {
  return line.length <= 80 ? line : `${line.slice(0, 80)}…`;
}

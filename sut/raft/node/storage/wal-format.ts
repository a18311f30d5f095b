import { Packr } from "msgpackr";
import type { Entry, HardState, Index, LogPosition, Membership } from "../../core/types.ts";

/** One write of the core's: all of it is durable, or none. What it has is carried out in the order of these fields. */
export interface WalRecord {
  readonly hard?: HardState;
  /** The log restarts behind this position, which a snapshot stands in for: all entries so far are void. */
  readonly base?: LogPosition;
  readonly truncateFrom?: Index;
  readonly append?: readonly Entry[];
}

const packr = new Packr({ useRecords: false });

/** Several records of the core as the body of one record of the file. */
export function encodeBody(records: readonly WalRecord[]): Buffer {
  return packr.pack(records.map(toRow));
}

export function decodeBody(body: Buffer): WalRecord[] {
  return (packr.unpack(body) as Row[]).map(fromRow);
}

/** Rows without names: entries are most of the file. */
type Row = [
  hard: [term: number, votedFor: string | null] | null,
  base: [index: number, term: number] | null,
  truncateFrom: number,
  entries: EntryRow[],
];
type EntryRow =
  | [index: number, term: number, kind: Entry["kind"]]
  | [index: number, term: number, kind: "config", membership: Membership]
  | [index: number, term: number, kind: "command", command: unknown, bytes: number];

function toRow({ hard, base, truncateFrom, append }: WalRecord): Row {
  return [
    hard === undefined ? null : [hard.term, hard.votedFor],
    base === undefined ? null : [base.index, base.term],
    truncateFrom ?? 0,
    (append ?? []).map(toEntryRow),
  ];
}

function toEntryRow({ index, term, kind, command, bytes, membership }: Entry): EntryRow {
  if (kind === "command") return [index, term, kind, command, bytes];
  return membership === undefined ? [index, term, kind] : [index, term, "config", membership];
}

function fromRow([hard, base, truncateFrom, entries]: Row): WalRecord {
  return {
    ...(hard === null ? {} : { hard: { term: hard[0], votedFor: hard[1] } }),
    ...(base === null ? {} : { base: { index: base[0], term: base[1] } }),
    ...(truncateFrom === 0 ? {} : { truncateFrom }),
    append: entries.map(fromEntryRow),
  };
}

function fromEntryRow(row: EntryRow): Entry {
  const [index, term, kind] = row;
  if (row.length === 5) return { index, term, kind, command: row[3], bytes: row[4] };
  return { index, term, kind, bytes: 0, ...(row.length === 4 ? { membership: row[3] } : {}) };
}

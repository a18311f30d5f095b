import { none, type OperationTable, outcomes, registerFunctions } from "../operations/operation-table.ts";

/** What an operation says about a register. */
export const kinds = {
  read: 0,
  write: 1,
  cas: 2,
  /** A compare-and-set that was answered "the register holds another value". */
  refused: 3,
  /** A write or cas that certainly did not happen; kept only to name a read of its value. */
  failed: 4,
} as const;

/** The number of what every register holds at first. */
export const initialValue = 0;

/**
 * The operations on one key, in the order of their invocations. Values are numbers from 0, the initial value is 0.
 * Positions in the history serve as times: they are unique, and the order in which one recorder saw things.
 */
export interface KeyHistory {
  readonly count: number;
  /** How many different values there are. */
  readonly values: number;
  readonly kind: Uint8Array;
  readonly inv: Float64Array;
  /** Infinity while the outcome is unknown. */
  readonly ret: Float64Array;
  /** The value read or compared with; -1 for a write. */
  readonly from: Int32Array;
  /** The value written; -1 for a read. */
  readonly to: Int32Array;
  /** The operation's row in the table. */
  readonly row: Int32Array;
}

/** Rows by key: key k has `rows[starts[k]]` up to `rows[starts[k + 1]]`, in the order of their invocations. */
export function rowsByKey(table: OperationTable): { rows: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(table.keys.count + 1);
  for (let row = 0; row < table.count; row++) starts[table.key[row]! + 1]!++;
  for (let key = 0; key < table.keys.count; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const rows = new Int32Array(table.count);
  for (let row = 0; row < table.count; row++) rows[next[table.key[row]!]!++] = row;
  return { rows, starts };
}

/** Turns rows of one key into its history. One instance serves a whole table, key after key. */
export class KeyHistories {
  readonly #table: OperationTable;
  readonly #refusal: number;
  /** Of a cell of the table: its value's number within its key. */
  readonly #valueOf: Int32Array;
  readonly #initialCode: number;

  /** Throws on an initial value that is no scalar: no register holds it. */
  constructor(table: OperationTable, initial: unknown = null) {
    this.#table = table;
    const code = table.values.code(initial);
    if (code === null) throw new Error(`no register holds ${JSON.stringify(initial)}`);
    this.#initialCode = code;
    this.#refusal = table.words.internText("cas-mismatch");
    this.#valueOf = new Int32Array(table.values.count).fill(none);
  }

  /** Reads without an answer say nothing and are left out; so is an unanswered cas that would change nothing. */
  of(rows: Int32Array): KeyHistory {
    const table = this.#table;
    const size = rows.length;
    const history = {
      ...{ count: 0, values: 1, kind: new Uint8Array(size), inv: new Float64Array(size), ret: new Float64Array(size) },
      ...{ from: new Int32Array(size), to: new Int32Array(size), row: new Int32Array(size) },
    };
    for (let i = 0; i < size; i++) {
      const row = rows[i]!;
      const kind = this.#kind(row);
      if (kind === null) continue;
      const at = history.count++;
      const writes = table.f[row]! === registerFunctions.write;
      const value = this.#number(table.value[row]!, history);
      history.kind[at] = kind;
      history.inv[at] = table.invokedAt[row]!;
      history.ret[at] = table.completedAt[row]!;
      history.from[at] = writes ? none : value;
      history.to[at] = kind === kinds.read ? none : writes ? value : this.#number(table.next[row]!, history);
      history.row[at] = row;
    }
    return history;
  }

  #kind(row: number): number | null {
    const { f, outcome, value, next, error } = this.#table;
    const ok = outcome[row]! === outcomes.ok;
    if (f[row]! === registerFunctions.read) return ok ? kinds.read : null;
    const failed = outcome[row]! === outcomes.fail;
    if (f[row]! === registerFunctions.write) return failed ? kinds.failed : kinds.write;
    if (failed) return error[row]! === this.#refusal ? kinds.refused : kinds.failed;
    if (value[row]! !== next[row]!) return kinds.cas;
    return ok ? kinds.read : null;
  }

  #number(cell: number, history: { values: number }): number {
    if (this.#table.values.codeOf[cell]! === this.#initialCode) return initialValue;
    const known = this.#valueOf[cell]!;
    if (known !== none) return known;
    this.#valueOf[cell] = history.values;
    return history.values++;
  }
}

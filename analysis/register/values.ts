import type { RegisterViolationKind } from "../results.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";

/** Operations (by place in the key's history) that cannot all be, found without comparing blocks. */
export interface Problem {
  readonly kind: RegisterViolationKind;
  readonly operations: readonly number[];
}

/** What a key's history says about each value, a column a property. Times of an absent operation are neutral. */
export interface ValueColumns {
  /** The operation that wrote the value, if it is not known to have failed; -1 for none. */
  readonly writer: Int32Array;
  /** Whether the value was certainly in the register at some time. */
  readonly held: Uint8Array;
  readonly minReadRet: Float64Array;
  readonly maxReadInv: Float64Array;
  /** The compare-and-set that certainly replaced the value; -1 for none. */
  readonly leaving: Int32Array;
  readonly problems: Problem[];
}

/** Whether the operation is a write or cas that happened or may have. */
export function mayWrite(history: KeyHistory, op: number): boolean {
  const kind = history.kind[op]!;
  return kind === kinds.write || kind === kinds.cas;
}

/**
 * Finds who wrote each value, and which unanswered writes certainly happened: those whose value was read, or compared
 * with by a cas that happened. Every other unanswered write can be left out of a linearization without harm.
 */
export function valueColumns(history: KeyHistory): ValueColumns {
  const columns: ValueColumns = {
    writer: new Int32Array(history.values).fill(-1),
    held: new Uint8Array(history.values),
    minReadRet: new Float64Array(history.values).fill(Number.POSITIVE_INFINITY),
    maxReadInv: new Float64Array(history.values).fill(Number.NEGATIVE_INFINITY),
    leaving: new Int32Array(history.values).fill(-1),
    problems: [],
  };
  for (let op = 0; op < history.count; op++) if (mayWrite(history, op)) columns.writer[history.to[op]!] = op;
  for (let op = 0; op < history.count; op++) observe(history, columns, op);
  return columns;
}

function observe(history: KeyHistory, columns: ValueColumns, op: number): void {
  const kind = history.kind[op]!;
  if (kind === kinds.read) {
    const value = history.from[op]!;
    columns.minReadRet[value] = Math.min(columns.minReadRet[value]!, history.ret[op]!);
    columns.maxReadInv[value] = Math.max(columns.maxReadInv[value]!, history.inv[op]!);
    hold(history, columns, value, op);
  } else if ((kind === kinds.write || kind === kinds.cas) && history.ret[op]! !== Number.POSITIVE_INFINITY) {
    hold(history, columns, history.to[op]!, op);
  }
}

/** Marks a value as held because of `witness`, and so its writer as done, and so what that writer compared with. */
function hold(history: KeyHistory, columns: ValueColumns, observed: number, witness: number): void {
  let because = witness;
  for (let value = observed; columns.held[value] === 0; ) {
    columns.held[value] = 1;
    if (value === initialValue) return;
    const writer = columns.writer[value]!;
    if (writer < 0) {
      columns.problems.push({ kind: "phantom-read", operations: [because] });
      return;
    }
    if (history.kind[writer]! !== kinds.cas) return;
    const from = history.from[writer]!;
    const other = columns.leaving[from]!;
    if (other >= 0) {
      columns.problems.push({ kind: "double-cas", operations: [other, writer] });
      return;
    }
    columns.leaving[from] = writer;
    because = writer;
    value = from;
  }
}

/** The failed operation that would have written the value; -1 for none. A refused cas counts: it did not happen. */
export function failedWriter(history: KeyHistory, value: number): number {
  for (let op = 0; op < history.count; op++) {
    const kind = history.kind[op]!;
    if ((kind === kinds.failed || kind === kinds.refused) && history.to[op]! === value) return op;
  }
  return -1;
}

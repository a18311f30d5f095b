import type { HistoryEvent } from "../../history/event.ts";
import type { OperationView } from "../results.ts";
import { ByteInterner } from "./byte-interner.ts";
import { RegisterValues } from "./register-values.ts";

/** What became of an operation; one that the history does not end is `info`. */
export const outcomes = { info: 0, ok: 1, fail: 2 } as const;

/** The first words of every table, so that the functions of a register have fixed numbers. */
export const registerFunctions = { read: 0, write: 1, cas: 2 } as const;

/** Where an operation has no value, node or error. */
export const none = -1;

const initialRows = 1024;

/**
 * The client operations of a history, a row each in the order of their invocations, a column a property. A million
 * operations take some 60 MB and no garbage collection, where objects would take ten times that.
 */
export class OperationTable {
  /** Keys by number; operations without a key share the key "". */
  readonly keys = new ByteInterner();
  /** Functions, nodes and errors by number. */
  readonly words = new ByteInterner();
  readonly values = new RegisterValues();
  /** What the harness's own voices said, in file order. */
  readonly annotations: HistoryEvent[] = [];
  /** Keys that saw values or functions that a register check cannot judge, with the reason. */
  readonly unsupported = new Map<number, string>();
  /** The line of the first ok read that does not say what it read: it can be shown, but not judged. */
  unansweredLine: number | null = null;
  count = 0;
  lastTime = 0;
  process = new Float64Array(initialRows);
  f = new Int32Array(initialRows);
  key = new Int32Array(initialRows);
  /** Of registers: the cell read, written, or compared with. */
  value = new Int32Array(initialRows);
  /** Of a compare-and-set: the cell of the new value. */
  next = new Int32Array(initialRows);
  outcome: Uint8Array = sharedBytes(initialRows);
  /** 1: a transaction that has reads, and no other steps. */
  onlyReads = new Uint8Array(initialRows);
  /** Positions in the history; the completion's is Infinity while the outcome is unknown. */
  invokedAt = new Float64Array(initialRows);
  completedAt = new Float64Array(initialRows);
  invokedAtNs: Float64Array = sharedFloats(initialRows);
  /** When the operation was due; differs from its invocation when it had to wait for a free client. */
  intendedAtNs = new Float64Array(initialRows);
  /** When the completion was recorded, whatever its outcome; Infinity without one. */
  completedAtNs: Float64Array = sharedFloats(initialRows);
  node = new Int32Array(initialRows);
  error = new Int32Array(initialRows);

  constructor() {
    for (const name of Object.keys(registerFunctions)) this.words.internText(name);
  }

  /** A new row; its value, next, node and error are none, its outcome info. */
  add(process: number, f: number, key: number, index: number, timeNs: number): number {
    if (this.count === this.process.length) this.#grow();
    const row = this.count++;
    this.process[row] = process;
    this.f[row] = f;
    this.key[row] = key;
    this.value[row] = none;
    this.next[row] = none;
    this.outcome[row] = outcomes.info;
    this.invokedAt[row] = index;
    this.completedAt[row] = Number.POSITIVE_INFINITY;
    this.invokedAtNs[row] = timeNs;
    this.intendedAtNs[row] = timeNs;
    this.completedAtNs[row] = Number.POSITIVE_INFINITY;
    this.node[row] = none;
    this.error[row] = none;
    return row;
  }

  /** A row as explanations show it. */
  view(row: number): OperationView {
    const outcome = this.outcome[row]!;
    const key = this.keys.text(this.key[row]!);
    const ended = outcome !== outcomes.info;
    return {
      index: this.invokedAt[row]!,
      process: this.process[row]!,
      f: this.words.text(this.f[row]!),
      ...(key === "" ? {} : { key }),
      value: this.#shownValue(row),
      outcome: outcome === outcomes.ok ? "ok" : ended ? "fail" : "info",
      invokedAtNs: this.invokedAtNs[row]!,
      ...(ended ? { completedAtNs: this.completedAtNs[row]! } : {}),
      ...(this.node[row]! === none ? {} : { node: this.words.text(this.node[row]!) }),
      ...(this.error[row]! === none ? {} : { error: this.words.text(this.error[row]!) }),
    };
  }

  #shownValue(row: number): unknown {
    const value = this.value[row]! === none ? null : this.values.value(this.value[row]!);
    return this.next[row]! === none ? value : [value, this.values.value(this.next[row]!)];
  }

  #grow(): void {
    const floats = ["process", "invokedAt", "completedAt", "intendedAtNs"] as const;
    const ints = ["f", "key", "value", "next", "node", "error"] as const;
    const capacity = this.process.length * 2;
    for (const name of floats) this[name] = copyInto(new Float64Array(capacity), this[name]);
    for (const name of ints) this[name] = copyInto(new Int32Array(capacity), this[name]);
    for (const name of ["invokedAtNs", "completedAtNs"] as const) {
      this[name] = copyInto(sharedFloats(capacity), this[name]);
    }
    this.outcome = copyInto(sharedBytes(capacity), this.outcome);
    this.onlyReads = copyInto(new Uint8Array(capacity), this.onlyReads);
  }
}

/** What a report draws is read where the history was judged, and drawn in another thread without a copy. */
function sharedFloats(rows: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
}

function sharedBytes(rows: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(rows));
}

function copyInto<T extends Float64Array | Int32Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}

import { ByteInterner } from "../operations/byte-interner.ts";
import { none, outcomes } from "../operations/operation-table.ts";
import { RegisterValues } from "../operations/register-values.ts";
import type { OperationView } from "../results.ts";
import { grown } from "./grow.ts";

/** What a step of a transaction does. */
export const stepKinds = { read: 0, append: 1, write: 2 } as const;

/** A read whose answer is not known: its transaction did not end in ok. */
export const unanswered = -0x80000000;

/**
 * The transactions of a history, a row each in the order of their invocations; the steps of a row lie side by side in
 * columns of their own. What a step wrote, or a register's read found, is a cell: a value under a key.
 */
export class TransactionTable {
  /** Keys by the number of their JSON text, so that 7 and "7" differ. */
  readonly keys = new ByteInterner();
  readonly words = new ByteInterner();
  readonly values = new RegisterValues();
  count = 0;
  stepCount = 0;
  process = new Float64Array(64);
  outcome = new Uint8Array(64);
  /** Positions in the history; the completion's is Infinity while the outcome is unknown. */
  invokedAt = new Float64Array(64);
  completedAt = new Float64Array(64);
  invokedAtNs = new Float64Array(64);
  completedAtNs = new Float64Array(64);
  node = new Int32Array(64);
  error = new Int32Array(64);
  firstStep = new Int32Array(64);
  steps = new Int32Array(64);
  stepKind = new Uint8Array(256);
  stepKey = new Int32Array(256);
  /** Of a write or append: the cell. Of a read: what the kind of history says, or `unanswered`. */
  stepValue = new Int32Array(256);
  /** Of a read of a list: how many own appends at its end are left out of what `stepValue` stands for. */
  stepTail = new Int32Array(256);
  /** Of a cell: the row that writes it; none if nobody does. */
  writer = new Int32Array(64).fill(none);
  /** The rows that ended in ok, in the order of their completions. */
  completions = new Int32Array(64);
  completionCount = 0;
  /** Keys of which the same value is written twice: nothing can be told of who was read. */
  readonly repeated = new Set<number>();
  /** Keys with steps or values that the checker does not know, with the reason. */
  readonly unsupported = new Map<number, string>();
  /** Why a transaction as a whole cannot be judged. */
  unreadable: string | null = null;

  add(process: number, index: number, timeNs: number): number {
    if (this.count === this.process.length) this.#growRows();
    const row = this.count++;
    this.process[row] = process;
    this.outcome[row] = outcomes.info;
    this.invokedAt[row] = index;
    this.completedAt[row] = Number.POSITIVE_INFINITY;
    this.invokedAtNs[row] = timeNs;
    this.completedAtNs[row] = Number.POSITIVE_INFINITY;
    this.node[row] = none;
    this.error[row] = none;
    this.firstStep[row] = this.stepCount;
    this.steps[row] = 0;
    return row;
  }

  addCompletion(row: number): void {
    if (this.completionCount === this.completions.length) this.completions = grown(this.completions);
    this.completions[this.completionCount++] = row;
  }

  /** Makes room for the row's steps: the ones it has where their number fits, else new ones at the end. */
  resize(row: number, steps: number): number {
    if (this.steps[row] === steps) return this.firstStep[row]!;
    while (this.stepCount + steps > this.stepKind.length) this.#growSteps();
    this.firstStep[row] = this.stepCount;
    this.steps[row] = steps;
    this.stepCount += steps;
    return this.firstStep[row]!;
  }

  endOfSteps(row: number): number {
    return this.firstStep[row]! + this.steps[row]!;
  }

  /** Notes that the row writes the cell. */
  claim(cell: number, row: number): void {
    this.hold(cell);
    if (this.writer[cell] !== none) this.repeated.add(this.values.keyOf[cell]!);
    else this.writer[cell] = row;
  }

  /** Makes room for what is kept of the cell. */
  hold(cell: number): void {
    while (cell >= this.writer.length) this.writer = grown(this.writer, none);
  }

  writerOf(cell: number): number {
    return cell < this.writer.length ? this.writer[cell]! : none;
  }

  key(key: number): string {
    const parsed = JSON.parse(this.keys.text(key)) as unknown;
    return String(parsed);
  }

  /** A row as explanations show it; `readValue` tells what a read step was answered. */
  view(row: number, readValue: (row: number, step: number) => unknown): OperationView {
    const outcome = this.outcome[row]!;
    const ended = outcome !== outcomes.info;
    const value: unknown[] = [];
    for (let step = this.firstStep[row]!; step < this.endOfSteps(row); step++) {
      value.push(this.#shownStep(step, () => readValue(row, step)));
    }
    return {
      index: this.invokedAt[row]!,
      process: this.process[row]!,
      f: "txn",
      value,
      outcome: outcome === outcomes.ok ? "ok" : ended ? "fail" : "info",
      invokedAtNs: this.invokedAtNs[row]!,
      ...(ended ? { completedAtNs: this.completedAtNs[row]! } : {}),
      ...(this.node[row]! === none ? {} : { node: this.words.text(this.node[row]!) }),
      ...(this.error[row]! === none ? {} : { error: this.words.text(this.error[row]!) }),
    };
  }

  #shownStep(step: number, readValue: () => unknown): unknown {
    const key = JSON.parse(this.keys.text(this.stepKey[step]!)) as unknown;
    const kind = this.stepKind[step]!;
    const value = this.stepValue[step]!;
    if (kind === stepKinds.read) return ["r", key, value === unanswered ? null : readValue()];
    return [kind === stepKinds.append ? "append" : "w", key, this.values.value(value)];
  }

  #growRows(): void {
    const floats = ["process", "invokedAt", "completedAt", "invokedAtNs", "completedAtNs"] as const;
    for (const name of floats) this[name] = grown(this[name]);
    for (const name of ["node", "error", "firstStep", "steps"] as const) this[name] = grown(this[name]);
    this.outcome = grown(this.outcome);
  }

  #growSteps(): void {
    this.stepKind = grown(this.stepKind);
    for (const name of ["stepKey", "stepValue", "stepTail"] as const) this[name] = grown(this[name]);
  }
}

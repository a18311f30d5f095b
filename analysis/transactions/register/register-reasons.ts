import { none } from "../../operations/operation-table.ts";
import { type Namer, show } from "../anomaly.ts";
import { edgeTypes } from "../graph.ts";
import { stepKinds } from "../transaction-table.ts";
import type { RegisterHistory } from "./register-history.ts";
import type { VersionTimes } from "./version-times.ts";

/** Why one transaction comes before another, in words; null when there is no reason to be found. */
export function registerReason(
  history: RegisterHistory,
  times: VersionTimes | null,
  [from, to, type]: readonly [from: number, to: number, type: number],
  name: Namer,
): string | null {
  const teller = new Teller(history, times, from, to, name);
  if (type === edgeTypes.wr) return teller.sawWrite();
  return type === edgeTypes.rwInTime ? teller.missedInTime() : teller.missedWrite();
}

class Teller {
  readonly #history: RegisterHistory;
  readonly #times: VersionTimes | null;
  readonly #from: number;
  readonly #to: number;
  readonly #name: Namer;

  constructor(history: RegisterHistory, times: VersionTimes | null, from: number, to: number, name: Namer) {
    this.#history = history;
    this.#times = times;
    this.#from = from;
    this.#to = to;
    this.#name = name;
  }

  sawWrite(): string | null {
    const step = this.#steps(this.#to, stepKinds.read).find((one) => this.#writer(one) === this.#from);
    return step === undefined ? null : `${this.#read(this.#to, step)}, which ${this.#name(this.#from)} wrote`;
  }

  /** It read what the other read and replaced, or that there was nothing yet. */
  missedWrite(): string | null {
    for (const step of this.#steps(this.#from, stepKinds.read)) {
      const cell = this.#cell(step);
      const write = this.#history.finalWrite(this.#to, this.#history.table.stepKey[step]!);
      if (write === none) continue;
      const wrote = `${this.#name(this.#to)} wrote ${this.#value(this.#cell(write))}`;
      if (this.#history.isAbsent(cell)) return `${this.#read(this.#from, step)}, before ${wrote}`;
      if (this.#readBefore(write) === cell) {
        return `${this.#read(this.#from, step)}, which ${this.#name(this.#to)} read too and replaced by ${this.#value(this.#cell(write))}`;
      }
    }
    return null;
  }

  missedInTime(): string | null {
    for (const step of this.#steps(this.#from, stepKinds.read)) {
      const inTime = this.#laterInTime(this.#cell(step), this.#from);
      if (inTime !== null) return `${this.#read(this.#from, step)}, and ${inTime}`;
    }
    return null;
  }

  /** "T2's 2 came later: T3, which knew 1, ended before T4, which knew 2, began". */
  #laterInTime(cell: number, row: number): string | null {
    if (this.#times === null) return null;
    const later = this.#times.laterVersion(cell, row);
    if (later === none || this.#history.committedWriter(later) !== this.#to) return null;
    const [ended, began] = [this.#times.firstEnd[cell]!, this.#times.lastBegin[later]!];
    const { completedAt, invokedAt } = this.#history.table;
    if (!(completedAt[ended]! < invokedAt[began]!)) return null;
    const [old, next] = [this.#value(cell), this.#value(later)];
    const witnesses = `${this.#knew(ended, cell)} ended before ${this.#knew(began, later)} began`;
    return `${this.#name(this.#to)}'s ${next} came after ${old}: ${witnesses}`;
  }

  #knew(row: number, cell: number): string {
    const deed = this.#history.committedWriter(cell) === row ? "wrote" : "read";
    return `${this.#name(row)}, which ${deed} ${this.#value(cell)},`;
  }

  #steps(row: number, kind: number): number[] {
    const { table } = this.#history;
    const steps: number[] = [];
    for (let step = table.firstStep[row]!; step < table.endOfSteps(row); step++) {
      if (table.stepKind[step] === kind && this.#history.judged(table.stepKey[step]!)) steps.push(step);
    }
    return steps;
  }

  /** The version that the row of the write read first on its key; none if it wrote before it read. */
  #readBefore(write: number): number {
    const { table } = this.#history;
    const first = this.#steps(this.#to, stepKinds.read).find((step) => table.stepKey[step] === table.stepKey[write]);
    if (first === undefined || this.#history.neighbour(this.#to, first, -1) !== none) return none;
    return this.#cell(first);
  }

  #writer(step: number): number {
    return this.#history.committedWriter(this.#cell(step));
  }

  #read(row: number, step: number): string {
    return `${this.#name(row)} read ${this.#key(step)} as ${this.#value(this.#cell(step))}`;
  }

  #cell(step: number): number {
    return this.#history.table.stepValue[step]!;
  }

  #key(step: number): string {
    return this.#history.table.key(this.#history.table.stepKey[step]!);
  }

  #value(cell: number): string {
    return show(this.#history.value(cell));
  }
}

import { formatJson } from "../../history/exact-json.ts";
import { grown } from "./grow.ts";
import { stepKinds, type TransactionTable } from "./transaction-table.ts";

export const answers = { null: 0, scalar: 1, list: 2 } as const;

/** The steps of the transaction that is being read, before it is known what they mean. One serves a whole history. */
export class StepBuffer {
  readonly #table: TransactionTable;
  /** Whether what is read is a list of values, or one value. */
  readonly readsLists: boolean;
  count = 0;
  kind = new Uint8Array(64);
  key = new Int32Array(64);
  /** What the third part of the step is: an element of `answers`. */
  answer = new Uint8Array(64);
  /** Of a scalar: its code in the table's values. */
  code = new Float64Array(64);
  /** Of a list: where its codes lie in `codes`. */
  listStart = new Int32Array(64);
  listLength = new Int32Array(64);
  codes = new Float64Array(256);
  codeCount = 0;

  constructor(table: TransactionTable, readsLists: boolean) {
    this.#table = table;
    this.readsLists = readsLists;
  }

  clear(): void {
    this.count = 0;
    this.codeCount = 0;
  }

  /** A step with a null; what it is given or answered follows. */
  step(kind: number, key: number): number {
    if (this.count === this.kind.length) this.#growSteps();
    const step = this.count++;
    this.kind[step] = kind;
    this.key[step] = key;
    this.answer[step] = answers.null;
    return step;
  }

  scalar(step: number, code: number): void {
    this.answer[step] = answers.scalar;
    this.code[step] = code;
  }

  list(step: number): void {
    this.answer[step] = answers.list;
    this.listStart[step] = this.codeCount;
    this.listLength[step] = 0;
  }

  element(step: number, code: number): void {
    if (this.codeCount === this.codes.length) this.codes = grown(this.codes);
    this.codes[this.codeCount++] = code;
    this.listLength[step] = this.listLength[step]! + 1;
  }

  /** From the JSON of a transaction's value. What no checker could read is noted in the table instead. */
  parse(value: unknown): void {
    this.clear();
    if (!Array.isArray(value)) this.#table.unreadable ??= "the value of a transaction is no list of steps";
    else for (const step of value) this.#parseStep(step);
  }

  #parseStep(parts: unknown): void {
    const [f, name, value] = Array.isArray(parts) ? (parts as unknown[]) : [];
    if (typeof name !== "string" && typeof name !== "number") {
      this.#table.unreadable ??= `${formatJson(parts)} is no step of a transaction`;
      return;
    }
    const key = this.#table.keys.internText(formatJson(name));
    const kind = kindOf(f);
    if (kind === null) {
      this.#unsupported(key, `${JSON.stringify(f)} is a step without known dependencies`);
      return;
    }
    this.#parseValue(this.step(kind, key), key, value ?? null);
  }

  #parseValue(step: number, key: number, value: unknown): void {
    const isRead = this.kind[step] === stepKinds.read;
    if (value === null && isRead) return;
    if (!isRead || !this.readsLists || !Array.isArray(value)) {
      this.scalar(step, this.#code(key, value));
      return;
    }
    this.list(step);
    for (const element of value as unknown[]) this.element(step, this.#code(key, element));
  }

  #code(key: number, value: unknown): number {
    const code = this.#table.values.code(value);
    if (code === null) this.#unsupported(key, "JSON cannot represent a value");
    return code ?? 0;
  }

  #unsupported(key: number, reason: string): void {
    if (!this.#table.unsupported.has(key)) this.#table.unsupported.set(key, reason);
  }

  #growSteps(): void {
    for (const name of ["key", "listStart", "listLength"] as const) this[name] = grown(this[name]);
    this.kind = grown(this.kind);
    this.answer = grown(this.answer);
    this.code = grown(this.code);
  }
}

function kindOf(f: unknown): number | null {
  if (f === "r") return stepKinds.read;
  if (f === "append") return stepKinds.append;
  return f === "w" ? stepKinds.write : null;
}

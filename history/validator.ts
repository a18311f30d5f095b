import { HistoryError } from "./history-error.ts";

/** Indexes grow and time does not run backwards: anything else was not recorded by one recorder with one clock. */
export class OrderGuard {
  #lastIndex = -1;
  #lastTime = Number.NEGATIVE_INFINITY;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  check(index: number, time: number, line: number): void {
    if (index <= this.#lastIndex) {
      throw new HistoryError(this.#file, line, `index ${index}`, `an index above ${this.#lastIndex}`);
    }
    if (time < this.#lastTime) {
      throw new HistoryError(this.#file, line, `time ${time}`, `a time of at least ${this.#lastTime}`);
    }
    this.#lastIndex = index;
    this.#lastTime = time;
  }
}

const denseLimit = 1 << 22;

/** The operation that each process has under way: at most one, since a process waits for its answer. */
export class OpenOperations {
  /** Processes are small numbers in every history but odd imported ones: an array is several times faster than a map. */
  #dense = new Int32Array(1024).fill(-1);
  readonly #sparse = new Map<number, number>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  invoke(process: number, operation: number, line: number): void {
    if (this.#get(process) >= 0) {
      throw new HistoryError(
        this.#file,
        line,
        `process ${process} invoking a second operation`,
        "the completion of its first",
      );
    }
    this.#set(process, operation);
  }

  /** The operation that ends here. */
  complete(process: number, line: number): number {
    const operation = this.#get(process);
    if (operation < 0) {
      throw new HistoryError(this.#file, line, `a completion of process ${process}`, "its invocation before that");
    }
    this.#set(process, -1);
    return operation;
  }

  #get(process: number): number {
    if (process < this.#dense.length) return this.#dense[process]!;
    return this.#sparse.get(process) ?? -1;
  }

  #set(process: number, operation: number): void {
    if (process >= this.#dense.length && process < denseLimit) this.#growTo(process);
    if (process < this.#dense.length) this.#dense[process] = operation;
    else if (operation >= 0) this.#sparse.set(process, operation);
    else this.#sparse.delete(process);
  }

  #growTo(process: number): void {
    const grown = new Int32Array(Math.min(denseLimit, 2 ** Math.ceil(Math.log2(process + 1)) * 2)).fill(-1);
    grown.set(this.#dense);
    this.#dense = grown;
  }
}

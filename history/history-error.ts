/** A history that cannot be read or cannot have happened; names the file, the line, what was found and what belongs there. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  readonly code = "damaged-history";
  readonly file: string;
  /** Counted from 1; 0 when the whole file is meant. */
  readonly line: number;
  readonly #found: string;
  readonly #expected: string;

  constructor(file: string, line: number, found: string, expected: string) {
    const place = line > 0 ? `${file}:${line}` : file;
    super(`${place}: found ${found}, expected ${expected}`.replaceAll(/\s+/g, " "));
    this.file = file;
    this.line = line;
    this.#found = found;
    this.#expected = expected;
  }

  /** The same of a file that its user knows by another name. */
  named(file: string): HistoryError {
    return new HistoryError(file, this.line, this.#found, this.#expected);
  }
}

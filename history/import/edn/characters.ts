/**
 * Text that arrives in pieces, read a character at a time: where it stands, and in which line. What was read is let
 * go, but for the token that is being read.
 */
export class Characters {
  /** Of the next character, from 1. */
  line: number;
  #text = "";
  #at = 0;
  #tokenAt = -1;
  readonly #pieces: Iterator<string>;

  constructor(pieces: Iterable<string>, firstLine = 1) {
    this.line = firstLine;
    this.#pieces = pieces[Symbol.iterator]();
  }

  /** The next character's code, which stays the next; -1 at the end. */
  peek(): number {
    while (this.#at >= this.#text.length) if (!this.#refill()) return -1;
    return this.#text.charCodeAt(this.#at);
  }

  /** The character after the next; -1 where there is none. */
  peekSecond(): number {
    while (this.#at + 1 >= this.#text.length) if (!this.#refill()) return -1;
    return this.#text.charCodeAt(this.#at + 1);
  }

  /** Steps over the next character. */
  skip(): void {
    if (this.#text.charCodeAt(this.#at) === newline) this.line++;
    this.#at++;
  }

  /** Steps over characters up to the next that ends a token (a table by code; those above it never do). */
  skipWord(endsToken: Uint8Array): void {
    for (;;) {
      const text = this.#text;
      let at = this.#at;
      while (at < text.length && endsToken[text.charCodeAt(at)] !== 1) at++;
      this.#at = at;
      if (at < text.length || !this.#refill()) return;
    }
  }

  /** A token begins with the next character. */
  beginToken(): void {
    this.#tokenAt = this.#at;
  }

  /** The token's characters up to here. */
  endToken(): string {
    const token = this.#text.slice(this.#tokenAt, this.#at);
    this.#tokenAt = -1;
    return token;
  }

  /** What is left of the piece at hand. */
  rest(): string {
    return this.#text.slice(this.#at);
  }

  #refill(): boolean {
    const next = this.#pieces.next();
    if (next.done === true) return false;
    const from = this.#tokenAt < 0 ? this.#at : this.#tokenAt;
    this.#text = this.#text.slice(from) + next.value;
    this.#at -= from;
    if (this.#tokenAt >= 0) this.#tokenAt = 0;
    return true;
  }
}

const newline = 0x0a;

import { HistoryError } from "../history-error.ts";

const [quote, backslash, newline, comma, space] = [0x22, 0x5c, 0x0a, 0x2c, 0x20];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const byteOrderMark = 0xfeff;

/** The text of an object at the top of a file, and the line that it begins in. */
export interface ObjectText {
  readonly text: string;
  readonly line: number;
}

/**
 * The objects of a text of JSON that arrives in pieces: of its one array, or one after the other. Only the object being
 * read is in memory. What is in an object is not looked at. Throws HistoryError on what stands between objects.
 */
export function* jsonObjects(file: string, pieces: Iterable<string>): Generator<ObjectText> {
  const scanner = new Scanner(file);
  for (const piece of pieces) yield* scanner.objects(piece);
  scanner.end();
}

class Scanner {
  readonly #file: string;
  #line = 1;
  /** Of the object being read: its text so far, the line that it begins in, and where the reading stands in it. */
  #text = "";
  #openedIn = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #array: "none" | "open" | "closed" | "unknown" = "unknown";
  #arrayOpenedIn = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *objects(piece: string): Generator<ObjectText> {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === newline) this.#line++;
      if (this.#depth === 0) {
        this.#between(code);
        start = at;
      } else if (this.#within(code)) {
        yield { text: this.#text + piece.slice(start, at + 1), line: this.#openedIn };
        this.#text = "";
      }
    }
    if (this.#depth > 0) this.#text += piece.slice(start);
  }

  /** Throws HistoryError where the text ends too early. */
  end(): void {
    if (this.#depth > 0) throw this.#error("the end of the file", `“}” for what line ${this.#openedIn} opens`);
    if (this.#array !== "open") return;
    throw this.#error("the end of the file", `“]” for what line ${this.#arrayOpenedIn} opens`);
  }

  #between(code: number): void {
    if (code <= space || code === byteOrderMark || (code === comma && this.#array === "open")) return;
    if (code === openObject && this.#array !== "closed") {
      if (this.#array === "unknown") this.#array = "none";
      this.#depth = 1;
      this.#openedIn = this.#line;
    } else if (code === openArray && this.#array === "unknown") {
      this.#array = "open";
      this.#arrayOpenedIn = this.#line;
    } else if (code === closeArray && this.#array === "open") this.#array = "closed";
    else throw this.#error(`“${String.fromCharCode(code)}”`, this.#expected());
  }

  /** Steps over a character of an object; true at its end. */
  #within(code: number): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#inString) {
      if (code === backslash) this.#isEscaped = true;
      else if (code === quote) this.#inString = false;
    } else if (code === quote) this.#inString = true;
    else if (code === openObject || code === openArray) this.#depth++;
    else if (code === closeObject || code === closeArray) this.#depth--;
    return this.#depth === 0;
  }

  #expected(): string {
    return this.#array === "closed" ? "the end of the file after its one array" : "one JSON object";
  }

  #error(found: string, expected: string): HistoryError {
    return new HistoryError(this.#file, this.#line, found, expected);
  }
}

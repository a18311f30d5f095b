import { HistoryError } from "../../history-error.ts";
import { Characters } from "./characters.ts";
import { parseToken, unescapeString } from "./tokens.ts";
import { characterNames, type EdnValue, isKind } from "./value.ts";

/** A form at the top of a file, and the line that it begins in. */
export interface EdnForm {
  readonly value: EdnValue;
  readonly line: number;
}

/**
 * The forms of a text, one after the other; when its first form is a vector or a list, the forms in that. Only the
 * form being read is in memory. Throws HistoryError, with the line, on what is no EDN or is cut short.
 *
 * Our own, because libraries for EDN give no lines, take a file that was cut for an empty one or need all of it in
 * memory, and round whole numbers above 2^53.
 */
export function* readEdn(file: string, pieces: Iterable<string>): Generator<EdnForm> {
  yield* new Reader(file, new Characters(pieces)).topForms();
}

/** The one value in a part of a line. Throws HistoryError when there is none, or more. */
export function parseEdn(file: string, line: number, text: string): EdnValue {
  return new Reader(file, new Characters([text], line)).onlyValue();
}

/** The value that a text begins with, and the text after it. Throws HistoryError when there is none. */
export function parseEdnPrefix(file: string, line: number, text: string): { value: EdnValue; rest: string } {
  const characters = new Characters([text], line);
  const value = new Reader(file, characters).value();
  return { value, rest: characters.rest() };
}

const code = (character: string): number => character.charCodeAt(0);
const closers: Readonly<Record<number, string>> = { [code("[")]: "]", [code("(")]: ")", [code("{")]: "}" };
const [openMap, quote, backslash, hash, comment] = [code("{"), code('"'), code("\\"), code("#"), code(";")];
const [caret, less, greater] = [code("^"), code("<"), code(">")];
const [comma, newline, underscore, space] = [code(","), code("\n"), code("_"), code(" ")];
const byteOrderMark = 0xfeff;
/** Deeper than any history, and far from what the stack holds. */
const maxDepth = 200;

const endsToken = new Uint8Array(128);
for (const character of ' \t\r\n\f,;"[](){}') endsToken[code(character)] = 1;

class Reader {
  readonly #file: string;
  readonly #characters: Characters;
  readonly #keywords = new Map<string, EdnValue>();
  #depth = 0;

  constructor(file: string, characters: Characters) {
    this.#file = file;
    this.#characters = characters;
  }

  onlyValue(): EdnValue {
    const value = this.#value();
    if (this.#afterBlanks() !== -1) throw this.#error(this.#next(), "the end of the line after one value");
    return value;
  }

  value(): EdnValue {
    return this.#value();
  }

  *topForms(): Generator<EdnForm> {
    const open = this.#afterBlanks();
    if (open === code("[") || open === code("(")) {
      const line = this.#characters.line;
      this.#characters.skip();
      yield* this.#formsUntil(closers[open]!, line);
      if (this.#afterBlanks() !== -1) throw this.#error(this.#next(), "the end of the file after its one collection");
      return;
    }
    while (this.#afterBlanks() !== -1) yield this.#form();
  }

  *#formsUntil(close: string, openLine: number): Generator<EdnForm> {
    for (;;) {
      const next = this.#afterBlanks();
      if (next === -1) throw this.#unclosed(close, openLine);
      if (next === code(close)) return this.#characters.skip();
      yield this.#form();
    }
  }

  #items(close: string, openLine: number): EdnValue[] {
    const items: EdnValue[] = [];
    for (;;) {
      const next = this.#afterBlanks();
      if (next === -1) throw this.#unclosed(close, openLine);
      if (next === code(close)) {
        this.#characters.skip();
        return items;
      }
      items.push(this.#value());
    }
  }

  #unclosed(close: string, openLine: number): HistoryError {
    return this.#error("the end of the file", `“${close}” for what line ${openLine} opens`);
  }

  #form(): EdnForm {
    this.#afterBlanks();
    return { line: this.#characters.line, value: this.#value() };
  }

  #value(): EdnValue {
    const next = this.#afterBlanks();
    if (next === -1) throw this.#error("the end of the file", "a value");
    if (next === quote) return this.#string();
    if (next === backslash) return this.#character();
    if (next === hash) return this.#dispatched();
    if (next === caret) return this.#withoutMetadata();
    if (closers[next] !== undefined) return this.#collection(next);
    if (next < 128 && endsToken[next] === 1) throw this.#error(this.#next(), "a value");
    return this.#token();
  }

  #collection(open: number): EdnValue {
    const line = this.#characters.line;
    this.#characters.skip();
    if (++this.#depth > maxDepth) throw this.#error("collections more than 200 deep", "a history");
    const items = this.#items(closers[open]!, line);
    this.#depth--;
    if (open === code("[")) return items;
    return open === openMap ? this.#map(items) : { kind: "list", items };
  }

  #map(items: readonly EdnValue[]): EdnValue {
    if (items.length % 2 === 1) throw this.#error("a map whose last key has no value", "keys and values in turn");
    // Most of a history is maps, and Array.from takes several times as long.
    const entries: (readonly [EdnValue, EdnValue])[] = [];
    for (let at = 0; at < items.length; at += 2) entries.push([items[at]!, items[at + 1]!]);
    return { kind: "map", entries };
  }

  #dispatched(): EdnValue {
    this.#characters.skip();
    const next = this.#characters.peek();
    if (next === openMap) {
      const { line } = this.#characters;
      this.#characters.skip();
      return { kind: "set", items: this.#items("}", line) };
    }
    if (next === hash) return this.#symbolicNumber();
    if (next === quote) return { kind: "regex", text: this.#quoted().text };
    if (next === less) return this.#unreadable();
    const tag = this.#word();
    if (tag.startsWith(":")) return this.#namespaced(tag.replace(/^:+/, ""));
    if (tag.startsWith("'")) return { kind: "symbol", name: `#${tag}` };
    if (!/^\p{L}/u.test(tag)) throw this.#error(`“#${tag}”`, "a set, a tag or a discarded form after #");
    return { kind: "tagged", tag, value: this.#value() };
  }

  /** `#:name{...}`: the map's keys without a namespace have that one; `_` says that a key has none. */
  #namespaced(namespace: string): EdnValue {
    const map = this.#value();
    if (!isKind(map, "map")) throw this.#error(`“#:${namespace}”`, "a map after it");
    const entries = map.entries.map(([key, value]) => [inNamespace(key, namespace), value] as const);
    return { kind: "map", entries };
  }

  /** `#<Object ...>`, as old versions of Clojure print what has no notation: the text is all that is known. */
  #unreadable(): EdnValue {
    const characters = this.#characters;
    const { line } = characters;
    characters.beginToken();
    let depth = 0;
    do {
      const next = characters.peek();
      if (next === -1 || next === newline) throw this.#error("the end of the line", `“>” for what line ${line} opens`);
      if (next === less) depth++;
      if (next === greater) depth--;
      characters.skip();
    } while (depth > 0);
    return { kind: "tagged", tag: "object", value: characters.endToken().slice(1, -1) };
  }

  /** `^{...} value`: what a value's metadata say does not make it another. */
  #withoutMetadata(): EdnValue {
    this.#characters.skip();
    this.#value();
    return this.#value();
  }

  #symbolicNumber(): number {
    this.#characters.skip();
    const name = this.#word();
    const value = { NaN: Number.NaN, Inf: Number.POSITIVE_INFINITY, "-Inf": Number.NEGATIVE_INFINITY }[name];
    if (value === undefined) throw this.#error(`“##${name}”`, "##NaN, ##Inf or ##-Inf");
    return value;
  }

  #string(): string {
    const { text, escaped } = this.#quoted();
    if (!escaped) return text;
    const unescaped = unescapeString(text);
    if (unescaped === null)
      throw this.#error(`the string “${text}”`, 'escapes \\t \\r \\n \\b \\f \\\\ \\" or \\uXXXX');
    return unescaped;
  }

  /** What stands between two quotes, and whether a backslash is in it. */
  #quoted(): { readonly text: string; readonly escaped: boolean } {
    const characters = this.#characters;
    const line = characters.line;
    characters.skip();
    characters.beginToken();
    let escaped = false;
    for (let next = characters.peek(); next !== quote; next = characters.peek()) {
      if (next === backslash) {
        escaped = true;
        characters.skip();
        characters.peek();
      }
      if (next === -1) throw this.#error("the end of the file", `a quote that ends the string of line ${line}`);
      characters.skip();
    }
    const text = characters.endToken();
    characters.skip();
    return { text, escaped };
  }

  #character(): EdnValue {
    this.#characters.skip();
    const name = this.#word(1);
    const named = (characterNames as Readonly<Record<string, string>>)[name];
    const [, hex] = /^u([\da-fA-F]{4})$/.exec(name) ?? [];
    const [, octal] = /^o([0-3]?[0-7]{1,2})$/.exec(name) ?? [];
    const unit = hex === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(hex, 16);
    const text = named ?? (Number.isNaN(unit) ? name : String.fromCharCode(unit));
    if (text.length !== 1) throw this.#error(`“\\${name}”`, "a character such as \\a, \\newline or \\u00e9");
    return { kind: "character", text };
  }

  #token(): EdnValue {
    const word = this.#word();
    const known = this.#keywords.get(word);
    if (known !== undefined) return known;
    const value = parseToken(word);
    if (value === undefined) throw this.#error(`“${word.slice(0, 60)}”`, expectedFor(word));
    if (isKind(value, "keyword")) this.#keywords.set(word, value);
    return value;
  }

  /** Characters up to the next that ends a token; the first few are taken whatever they are. */
  #word(atLeast = 0): string {
    const characters = this.#characters;
    characters.beginToken();
    for (let taken = 0; taken < atLeast && characters.peek() !== -1; taken++) characters.skip();
    characters.skipWord(endsToken);
    return characters.endToken();
  }

  /** The next character that is neither blank, comma, comment, nor part of a discarded form. */
  #afterBlanks(): number {
    const characters = this.#characters;
    for (;;) {
      const next = characters.peek();
      if (next === comment) this.#skipComment();
      else if (next === hash && characters.peekSecond() === underscore) this.#discard();
      else if (next <= space || next === comma || next === byteOrderMark) {
        if (next === -1) return -1;
        characters.skip();
      } else return next;
    }
  }

  #skipComment(): void {
    for (let next = this.#characters.peek(); next !== newline && next !== -1; next = this.#characters.peek()) {
      this.#characters.skip();
    }
  }

  #discard(): void {
    this.#characters.skip();
    this.#characters.skip();
    this.#value();
  }

  #next(): string {
    const next = this.#characters.peek();
    return next === -1 ? "the end of the file" : `“${String.fromCharCode(next)}”`;
  }

  #error(found: string, expected: string): HistoryError {
    return new HistoryError(this.#file, this.#characters.line, found, expected);
  }
}

function inNamespace(key: EdnValue, namespace: string): EdnValue {
  if (!isKind(key, "keyword") && !isKind(key, "symbol")) return key;
  if (key.name.startsWith("_/")) return { ...key, name: key.name.slice(2) };
  const isNamed = key.name.includes("/") || namespace === "";
  return isNamed ? key : { ...key, name: `${namespace}/${key.name}` };
}

function expectedFor(word: string): string {
  if (/^[+-]?\d+(\.\d*)?[eE]\+?\d+$/.test(word)) return "a number up to 1.8e308";
  return /^[+-]?\d/.test(word) ? "a value: numbers are such as 12, 0x1F, 1/3, 1.5M or 1e9" : "a value";
}

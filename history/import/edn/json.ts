import { canonicalDecimal } from "../../decimal.ts";
import { exactInteger, isExactNumber } from "../../exact-json.ts";
import { isSet, setName } from "../../set-value.ts";
import { KeyNames } from "./names.ts";
import { printEdn } from "./print.ts";
import { parseEdn } from "./reader.ts";
import { type EdnValue, isKind, isVector } from "./value.ts";

/** What stands for a symbol; tagged values stand under `#tag`. */
const symbolName = "#'";
const marker = /^#(?:\{\}|'|\p{L}[^\s,;"()[\]{}\\@^`~#']*)$/u;

/**
 * Makes JSON of EDN, equal JSON of values that Clojure takes for equal and different JSON of others: maps and sets in
 * any order, vectors and lists are equal, 1 and 1.0, :a and "a", sets and vectors are not. What JSON has no word for
 * becomes text in EDN's notation, which a string that is such text is told from by an apostrophe. One serves a whole
 * file, since keys of maps are told apart by what was there before.
 */
export class EdnToJson {
  /** Of maps with one key, which is no marker. */
  readonly #singleKeys = new KeyNames((name) => !marker.test(name));
  readonly #keys = new KeyNames();

  json(value: EdnValue): unknown {
    if (typeof value === "string") return isNotation(value.replace(/^'+/, "")) ? `'${value}` : value;
    if (typeof value === "bigint") return exactInteger(value);
    if (typeof value === "number") return Number.isFinite(value) ? value : printEdn(value);
    if (typeof value !== "object" || value === null) return value;
    if (isVector(value)) return value.map((item) => this.json(item));
    switch (value.kind) {
      case "list":
        return value.items.map((item) => this.json(item));
      case "set":
        return { [setName]: value.items.map((item) => this.json(item)).sort(inOrder) };
      case "map":
        return this.#object(value.entries);
      case "tagged":
        return { [`#${value.tag}`]: this.#tagged(value.tag, value.value) };
      case "symbol":
        return { [symbolName]: value.name };
      case "decimal":
        return `${canonicalDecimal(value.text)}M`;
      case "double":
        return printEdn({ kind: "double", value: value.value + 0 });
      default:
        return printEdn(value);
    }
  }

  #object(entries: readonly (readonly [EdnValue, EdnValue])[]): Record<string, unknown> {
    const names = entries.length === 1 ? this.#singleKeys : this.#keys;
    const named = entries.map(([key, held]) => [names.of(key, this.identity(key)), this.json(held)] as const);
    return Object.fromEntries(named.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** One text for equal values, which tells a key from others however it is printed. */
  identity(key: EdnValue): string {
    return typeof key === "object" && key !== null && !isKind(key, "keyword")
      ? `#json ${JSON.stringify(this.json(key))}`
      : printEdn(key);
  }

  /** Moments are the same whatever their zone, identifiers whatever their case. */
  #tagged(tag: string, value: EdnValue): unknown {
    if (tag === "uuid" && typeof value === "string") return value.toLowerCase();
    const time = tag === "inst" && typeof value === "string" ? Date.parse(value) : Number.NaN;
    const isWholeMs = typeof value === "string" && !/\.\d{3}\d*[1-9]/.test(value);
    return Number.isNaN(time) || !isWholeMs ? this.json(value) : new Date(time).toISOString();
  }
}

/** A JSON value as EDN, which reads back (`readEdn`, `EdnToJson`) to the same JSON. */
export function toEdn(value: unknown): EdnValue {
  if (typeof value === "string") return textToEdn(value);
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(toEdn);
  if (typeof value !== "object" || value === null) return value as EdnValue;
  if (isSet(value)) return { kind: "set", items: value[setName].map(toEdn) };
  const entries = Object.entries(value);
  const marked = entries.length === 1 ? markedToEdn(...entries[0]!) : null;
  if (marked !== null) return marked;
  return { kind: "map", entries: entries.map(([key, held]) => [toEdnName(key), toEdn(held)] as const) };
}

/** A name as a keyword where EDN allows that, else as text. */
export function toEdnName(name: string): EdnValue {
  return /^[a-zA-Z][\w.*+!?<>=-]*$/.test(name) ? { kind: "keyword", name } : name;
}

function textToEdn(text: string): EdnValue {
  if (isExactNumber(text) && text.endsWith("N")) return BigInt(text.slice(0, -1));
  const meant = notation(text);
  if (meant !== undefined) return meant;
  return text.startsWith("'") && isNotation(text.replace(/^'+/, "")) ? text.slice(1) : text;
}

function markedToEdn(name: string, value: unknown): EdnValue | null {
  if (name === symbolName && typeof value === "string") return { kind: "symbol", name: value };
  return marker.test(name) && /^#\p{L}/u.test(name)
    ? { kind: "tagged", tag: name.slice(1), value: toEdn(value) }
    : null;
}

function isNotation(text: string): boolean {
  return isExactNumber(text) || notation(text) !== undefined;
}

/** Rules out most text without a try. */
const notationForm = /^(?::\S+|\\\S+|#".*"|##-?[A-Z]\w+|-?\d+(?:\.\d+)?(?:e\+\d+)?(?:\/\d+)?[NM]?)$/s;
const kindsAsText: ReadonlySet<string> = new Set(["keyword", "character", "decimal", "double", "ratio", "regex"]);

/** What a text is the notation of, in the one form that `EdnToJson` gives it; undefined for other text. */
function notation(text: string): EdnValue | undefined {
  if (!notationForm.test(text)) return undefined;
  const value = parsed(text);
  const isText = typeof value === "object" && value !== null && "kind" in value && kindsAsText.has(value.kind);
  const isNoNumber = typeof value === "number" && !Number.isFinite(value);
  return (isText || isNoNumber) && new EdnToJson().json(value) === text ? value : undefined;
}

function parsed(text: string): EdnValue | undefined {
  try {
    return parseEdn("", 1, text);
  } catch {
    return undefined;
  }
}

/** Numbers by their size, before everything else. */
function inOrder(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "number" || typeof other === "number") return typeof one === "number" ? -1 : 1;
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

import { printEdn } from "./print.ts";
import { type EdnValue, isKind } from "./value.ts";

/** What a name is that EDN gives as a keyword, a symbol, a text or a number. */
export function nameOf(value: EdnValue): string {
  if (isKind(value, "keyword") || isKind(value, "symbol")) return value.name;
  return typeof value === "string" ? value : printEdn(value);
}

/**
 * Names for keys, different ones for different keys: `:x` is x, and so is "x" unless `:x` was there before; then it
 * goes by its notation. One serves a whole file.
 */
export class KeyNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #mayBe: (name: string) => boolean;

  constructor(mayBe: (name: string) => boolean = () => true) {
    this.#mayBe = mayBe;
  }

  /** The name of a key; equal keys have one canonical notation. */
  of(key: EdnValue, canonical = printEdn(key)): string {
    const known = this.#names.get(canonical);
    if (known !== undefined) return known;
    let name = nameOf(key);
    for (let mark = ""; this.#taken.has(name) || !this.#mayBe(name); mark += "'") name = mark + printEdn(key);
    this.#names.set(canonical, name);
    this.#taken.add(name);
    return name;
  }
}

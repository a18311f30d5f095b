import { printEdn } from "./print.ts";
import { type EdnValue, isKind, isVector } from "./value.ts";

/**
 * A value of EDN as JSON, so that different values stay different and the same stay the same: keywords, symbols and
 * numbers that JSON would round become text in EDN's notation, collections become arrays. `toEdn` is no inverse.
 */
export function toJson(value: EdnValue): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : printEdn(value);
  if (typeof value === "bigint") return printEdn(value);
  if (typeof value !== "object" || value === null) return value;
  if (isVector(value)) return value.map(toJson);
  if (value.kind === "list" || value.kind === "set") return value.items.map(toJson);
  if (value.kind === "map") return Object.fromEntries(value.entries.map(([key, held]) => [nameOf(key), toJson(held)]));
  if (value.kind === "tagged") return { [`#${value.tag}`]: toJson(value.value) };
  return value.kind === "character" ? value.text : printEdn(value);
}

/** What a name is that EDN gives as a keyword, a text or a number. */
export function nameOf(value: EdnValue): string {
  if (isKind(value, "keyword") || isKind(value, "symbol")) return value.name;
  return typeof value === "string" ? value : printEdn(value);
}

/** A JSON value as EDN, which reads back (`readEdn`, `toJson`) to the same JSON. */
export function toEdn(value: unknown): EdnValue {
  if (Array.isArray(value)) return value.map(toEdn);
  if (typeof value !== "object" || value === null) return value as EdnValue;
  const entries = Object.entries(value).map(([key, held]) => [toEdnName(key), toEdn(held)] as const);
  return { kind: "map", entries };
}

/** A name as a keyword where EDN allows that, else as text. */
export function toEdnName(name: string): EdnValue {
  return /^[a-zA-Z][\w.*+!?<>=-]*$/.test(name) ? { kind: "keyword", name } : name;
}

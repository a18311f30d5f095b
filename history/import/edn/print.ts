import { characterNames, type EdnObject, type EdnValue } from "./value.ts";

/** A value in the notation that `readEdn` reads back to the same value. */
export function printEdn(value: EdnValue): string {
  if (value === null) return "nil";
  if (typeof value === "string") return printString(value);
  if (typeof value === "number") return printNumber(value);
  if (typeof value === "bigint") return `${value}N`;
  if (typeof value === "boolean") return String(value);
  return "kind" in value ? printObject(value) : `[${printAll(value)}]`;
}

function printObject(value: EdnObject): string {
  switch (value.kind) {
    case "keyword":
      return `:${value.name}`;
    case "symbol":
      return value.name;
    case "character":
      return printCharacter(value.text);
    case "decimal":
      return `${value.text}M`;
    case "double":
      return printDouble(value.value);
    case "ratio":
      return value.text;
    case "regex":
      return `#"${value.text}"`;
    case "list":
      return `(${printAll(value.items)})`;
    case "set":
      return `#{${printAll(value.items)}}`;
    case "map":
      return `{${value.entries.map(([key, held]) => `${printEdn(key)} ${printEdn(held)}`).join(", ")}}`;
    case "tagged":
      return `#${value.tag} ${printEdn(value.value)}`;
  }
}

function printAll(items: readonly EdnValue[]): string {
  return items.map(printEdn).join(" ");
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return "##NaN";
  if (!Number.isFinite(value)) return value > 0 ? "##Inf" : "##-Inf";
  return String(value);
}

/** Told from an integer by its fraction or exponent. */
function printDouble(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes("e") ? text : `${text}.0`;
}

/** JSON's escapes are EDN's as well, and escape every control character. */
function printString(text: string): string {
  return JSON.stringify(text);
}

function printCharacter(text: string): string {
  const name = Object.entries(characterNames).find(([, character]) => character === text)?.[0];
  if (name !== undefined) return `\\${name}`;
  return /[!-~]/.test(text) ? `\\${text}` : `\\u${text.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

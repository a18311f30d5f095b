import { canonicalDecimal } from "./decimal.ts";

/**
 * JSON without rounding. A number of more than 2^53 is kept as text in EDN's notation, digits and an `N` for a whole
 * number and an `M` for another: such text can be compared, cloned and stored like any other value, which a bigint
 * cannot. A string that is itself such text gets an apostrophe before it, so that the two stay apart.
 */
const exactNumber = /^-?[1-9]\d{15,}(?:N|\.\d*[1-9]M)$/;
const anyApostrophes = /^'*/;
/** What may hold a number that JSON.parse rounds, or text that looks like one kept here. False alarms only cost time. */
const mayBeInexact = /\d{16}|\d[eE]\+?\d/;
/** In the output of JSON.stringify: a string that holds an exact number, with its apostrophes; never a name. */
const kept = /(?<!\\)"('*)(-?[1-9]\d{15,}(?:N|\.\d*[1-9]M))"(?!:)/g;
const safeDigits = String(Number.MAX_SAFE_INTEGER);

/** Whether the value is a number that JSON.parse would round. */
export function isExactNumber(value: unknown): value is string {
  return typeof value === "string" && exactNumber.test(value) && isBeyondDoubles(value);
}

/** The value of a JSON text. Throws SyntaxError on what is no JSON, RangeError, with what was found, on a number beyond all doubles. */
export function parseJson(text: string): unknown {
  if (!mayBeInexact.test(text)) return JSON.parse(text) as unknown;
  const revive = (_: string, value: unknown, { source }: { source?: string }): unknown => {
    if (typeof value === "number") return numberOf(value, source ?? "");
    return typeof value === "string" ? textOf(value) : value;
  };
  // The types of JSON.parse do not know the context yet that ECMAScript 2026 gives a reviver.
  return JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]) as unknown;
}

/** The JSON text of a value that `parseJson` gave. */
export function formatJson(value: unknown, indent?: number): string {
  return withExactNumbers(JSON.stringify(value, null, indent));
}

/** A string as it is written in JSON, without the apostrophe that sets it apart from an exact number. */
export function plainText(text: string): string {
  return text.startsWith("'") && isExactNumber(text.replace(anyApostrophes, "")) ? text.slice(1) : text;
}

/** A string as a value: with an apostrophe where it would be taken for an exact number. */
export function textOf(text: string): string {
  if (!text.endsWith("N") && !text.endsWith("M")) return text;
  return isExactNumber(text.replace(anyApostrophes, "")) ? `'${text}` : text;
}

/** The digits of an exact number. */
export function digitsOf(exact: string): string {
  return exact.slice(0, -1);
}

/** The whole number that a value is, if it is one. */
export function integerOf(value: unknown): bigint | null {
  if (isExactNumber(value)) return value.endsWith("N") ? BigInt(digitsOf(value)) : null;
  return Number.isSafeInteger(value) ? BigInt(value as number) : null;
}

/** A whole number as a value. */
export function exactInteger(number: bigint): number | string {
  const small = Number(number);
  return Number.isSafeInteger(small) ? small : `${number}N`;
}

/** The output of JSON.stringify with its exact numbers in digits. */
export function withExactNumbers(json: string): string {
  if (!json.includes('N"') && !json.includes('M"')) return json;
  return json.replace(kept, (whole, apostrophes: string, exact: string) => {
    if (!isBeyondDoubles(exact)) return whole;
    return apostrophes === "" ? digitsOf(exact) : `"${apostrophes.slice(1)}${exact}"`;
  });
}

/** Of text in the form of an exact number: whether it is too large for a double to tell from its neighbours. */
function isBeyondDoubles(exact: string): boolean {
  const [whole = "", fraction = ""] = exact.replace(/^-|[NM]$/g, "").split(".");
  if (whole.length !== safeDigits.length) return whole.length > safeDigits.length;
  return fraction === "" ? whole > safeDigits : whole >= safeDigits;
}

function numberOf(value: number, source: string): number | string {
  if (!Number.isFinite(value)) throw new RangeError(`the number ${source}, which is beyond 1.8e308`);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  const exact = canonicalDecimal(source);
  return `${exact}${exact.includes(".") ? "M" : "N"}`;
}

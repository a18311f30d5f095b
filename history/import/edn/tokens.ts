import type { EdnValue } from "./value.ts";

/** Undefined for what is no value of EDN. */
export function parseToken(token: string): EdnValue | undefined {
  if (shortInteger.test(token)) return Number(token);
  if (/^[+-]?\d/.test(token)) return parseNumber(token);
  if (token.startsWith(":")) return /^:[^:\s]/.test(token) ? { kind: "keyword", name: token.slice(1) } : undefined;
  if (token === "nil") return null;
  if (token === "true" || token === "false") return token === "true";
  return symbol.test(token) ? { kind: "symbol", name: token } : undefined;
}

/** What nearly all numbers of a history are: a double holds any of them exactly. */
const shortInteger = /^(?:0|-?[1-9]\d{0,14})$/;

const symbol = /^[\p{L}.*+!\-_?$%&=<>/|'][^\\@^`~]*$/u;

function parseNumber(token: string): EdnValue | undefined {
  const integer = parseInteger(token);
  if (integer !== undefined) return exact(integer);
  const [, numerator, denominator] = /^([+-]?\d+)\/(\d+)$/.exec(token) ?? [];
  if (numerator !== undefined && denominator !== undefined) return ratio(BigInt(numerator), BigInt(denominator));
  if (!/^[+-]?(?!0\d+$)\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token)) return undefined;
  if (token.endsWith("M")) return { kind: "decimal", text: token.slice(0, -1).replace("+", "") };
  const value = Number(token);
  if (!Number.isFinite(value)) return undefined;
  return Number.isInteger(value) ? { kind: "double", value } : value;
}

/** Decimal, `0x1F`, octal `017`, or in a radix from 2 to 36 as in `2r101`; an N after it says nothing. */
const integerForms: readonly (readonly [form: RegExp, radix: number])[] = [
  [/^([+-]?)(0|[1-9]\d*)N?$/, 10],
  [/^([+-]?)0[xX]([\da-fA-F]+)N?$/, 16],
  [/^([+-]?)0([0-7]+)N?$/, 8],
];

function parseInteger(token: string): bigint | undefined {
  for (const [form, radix] of integerForms) {
    const [, sign, digits] = form.exec(token) ?? [];
    if (digits !== undefined) return inRadix(sign, digits, radix);
  }
  const [, sign, radix, digits] = /^([+-]?)([1-9]\d?)[rR]([\da-zA-Z]+)$/.exec(token) ?? [];
  return digits === undefined ? undefined : inRadix(sign, digits, Number(radix));
}

/** Undefined for a digit that the radix does not have. */
function inRadix(sign: string | undefined, digits: string, radix: number): bigint | undefined {
  if (radix === 10) return BigInt(`${sign === "-" ? "-" : ""}${digits}`);
  let value = 0n;
  for (const character of digits) {
    const digit = Number.parseInt(character, 36);
    if (digit >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return sign === "-" ? -value : value;
}

/** A bigint where a double would round. */
function exact(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

function ratio(numerator: bigint, denominator: bigint): EdnValue | undefined {
  if (denominator === 0n) return undefined;
  let [divisor, rest] = [numerator < 0n ? -numerator : numerator, denominator];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  const lowest = denominator / divisor;
  const over = numerator / divisor;
  return lowest === 1n ? exact(over) : { kind: "ratio", text: `${over}/${lowest}` };
}

const escapes: Readonly<Record<string, string>> = {
  t: "\t",
  r: "\r",
  n: "\n",
  b: "\b",
  f: "\f",
  "\\": "\\",
  '"': '"',
};

/** What stands between quotes, with its escapes resolved; null where one is unknown. */
export function unescapeString(text: string): string | null {
  let known = true;
  const resolved = text.replace(/\\(u[0-9a-fA-F]{4}|[0-3]?[0-7]{1,2}|.?)/gs, (_, named: string) => {
    if (named.length === 5) return String.fromCharCode(Number.parseInt(named.slice(1), 16));
    if (/^[0-7]/.test(named)) return String.fromCharCode(Number.parseInt(named, 8));
    const character = escapes[named];
    if (character === undefined) known = false;
    return character ?? "";
  });
  return known ? resolved : null;
}

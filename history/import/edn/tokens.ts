import type { EdnValue } from "./value.ts";

/** Undefined for what is no value of EDN. */
export function parseToken(token: string): EdnValue | undefined {
  if (/^[+-]?\d/.test(token)) return parseNumber(token);
  if (token.startsWith(":")) return /^:[^:\s]/.test(token) ? { kind: "keyword", name: token.slice(1) } : undefined;
  if (token === "nil") return null;
  if (token === "true" || token === "false") return token === "true";
  return symbol.test(token) ? { kind: "symbol", name: token } : undefined;
}

const symbol = /^[\p{L}.*+!\-_?$%&=<>/|'][^\\@^`~]*$/u;

function parseNumber(token: string): EdnValue | undefined {
  if (/^[+-]?\d+N?$/.test(token)) return wholeNumber(token.replace(/^\+|N$/g, ""));
  if (!/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token)) return undefined;
  return token.endsWith("M") ? { kind: "decimal", text: token.slice(0, -1) } : Number(token);
}

/** A bigint where a double would round. */
function wholeNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number + 0 : BigInt(digits);
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
  const resolved = text.replace(/\\(u[0-9a-fA-F]{4}|.?)/gs, (_, named: string) => {
    if (named.length === 5) return String.fromCharCode(Number.parseInt(named.slice(1), 16));
    const character = escapes[named];
    if (character === undefined) known = false;
    return character ?? "";
  });
  return known ? resolved : null;
}

import { formatJson } from "../history/exact-json.ts";

/** A count as sentences show it: `2,034`. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** A count with its noun: `1 key`, `2,034 operations`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A share: `99.4 %`, `100 %`. What is rounded is never shown as none or all of it. */
export function percent(part: number, whole = 1): string {
  const share = whole === 0 ? 0 : (100 * part) / whole;
  const rounded = Math.round(10 * share) / 10;
  if (rounded === 100 && share < 100) return "99.9 %";
  if (rounded === 0 && share > 0) return "0.1 %";
  return `${rounded} %`;
}

/** A value in a sentence. */
export function show(value: unknown): string {
  return value === null || value === undefined ? "no value" : formatJson(value);
}

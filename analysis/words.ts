import { formatJson } from "../history/exact-json.ts";

/** A count as sentences show it: `2,034`. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** A count with its noun: `1 key`, `2,034 operations`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A moment of a run, to the millisecond: `8.503 s`. */
export function moment(timeNs: number): string {
  return `${(timeNs / 1e9).toFixed(3)} s`;
}

/** How long something took, with three digits in the unit that reads best: `850 µs`, `61 ms`, `4.8 s`, `2 min 30 s`. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  const [minutes, rest] = [Math.floor(Math.round(seconds) / 60), Math.round(seconds) % 60];
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
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

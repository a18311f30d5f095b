import type { OutcomeCounts } from "../../analysis/results.ts";

const nsPerSecond = 1e9;

export function toSeconds(ns: number): number {
  return ns / nsPerSecond;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** A moment of the run, to the millisecond. */
export function formatMoment(ns: number): string {
  return `${toSeconds(ns).toFixed(3)} s`;
}

/** How long something took, in the unit that reads best. */
export function formatDuration(ns: number): string {
  const ms = ns / 1e6;
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  const [minutes, rest] = [Math.floor(Math.round(seconds) / 60), Math.round(seconds) % 60];
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

export function formatMs(ms: number): string {
  return formatDuration(ms * 1e6);
}

/** One decimal, and 100 % only if it is all. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "-";
  const percent = Math.round((part / whole) * 1000) / 10;
  return `${part < whole ? Math.min(99.9, percent) : percent}\u2009%`;
}

export function totalOf({ ok, fail, info }: OutcomeCounts): number {
  return ok + fail + info;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A wall-clock time for people, in UTC whatever the reader's machine says. */
export function formatDate(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Keeps figures and their units on one line in sentences that others wrote. */
function keepUnits(sentence: string): string {
  return sentence.replace(/(\d) (ms|s|µs)\b/g, "$1\u00a0$2");
}

/** A checker's clause as a sentence: with a capital (but for names such as `n1`) and a full stop. */
export function asSentence(clause: string): string {
  const begun = /^[a-z]+\b(?!\d)/.test(clause) ? clause.charAt(0).toUpperCase() + clause.slice(1) : clause;
  return keepUnits(/[.!?]$/.test(begun) ? begun : `${begun}.`);
}

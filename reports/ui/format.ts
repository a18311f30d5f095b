import type { OutcomeCounts } from "../../analysis/results.ts";
import { grouped, percent } from "../../analysis/words.ts";

const nsPerSecond = 1e9;

export function toSeconds(ns: number): number {
  return ns / nsPerSecond;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return grouped(Math.round(count));
}

/** A share with a narrow space that no line breaks at; a dash for a share of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? "-" : percent(part, whole).replace(" ", "\u2009");
}

export function totalOf({ ok, fail, info }: OutcomeCounts): number {
  return ok + fail + info;
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

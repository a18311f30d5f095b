import { stripVTControlCharacters } from "node:util";
import wrapAnsi from "wrap-ansi";
import type { Paint, Size } from "./terminal.ts";

export const labelWidth = 12;
const narrowest = 8;

/** How wide what stands beside a label may be. */
export function besideLabel({ columns }: Size): number {
  return Math.max(narrowest, columns - labelWidth);
}

/** Text beside its label, broken into as many lines as it needs. */
export function labelled(label: string, text: string, size: Size, paint: Paint): readonly string[] {
  const lines = wrapped(text, besideLabel(size));
  return lines.map((line, place) => `${place === 0 ? paint("dim", label.padEnd(labelWidth)) : indent}${line}`);
}

const indent = " ".repeat(labelWidth);

export function wrapped(text: string, columns: number): readonly string[] {
  return wrapAnsi(text, columns, { hard: true }).split("\n");
}

/** Text that stays on one line when lines are broken. */
export function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

/** Text from elsewhere, such as an error message, without what would move the cursor. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/g, " ");
}

/** As many lines as fit: the footer, and of the rest its beginning. */
export function fitted(body: readonly string[], footer: readonly string[], { rows }: Size): readonly string[] {
  return [...body.slice(0, Math.max(0, rows - footer.length)), ...footer].slice(0, rows);
}

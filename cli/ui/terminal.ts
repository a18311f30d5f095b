import { readFileSync } from "node:fs";
import { styleText } from "node:util";

/** What is needed of a stream to draw on it. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  hasColors?(): boolean;
  write(text: string): unknown;
  on(event: "resize", hear: () => void): unknown;
  off(event: "resize", hear: () => void): unknown;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal is taken for that does not know its size, such as one of 0x0 under `script` or a serial line. */
const usualSize: Size = { columns: 80, rows: 24 };

export function sizeOf({ columns, rows }: TerminalOutput): Size {
  return { columns: columns || usualSize.columns, rows: rows || usualSize.rows };
}

/** Whether lines on a stream can be redrawn in place. In CI, and for a job in the background, lines are only added. */
export function canRedraw(output: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  return output.isTTY === true && env["TERM"] !== "dumb" && env["CI"] === undefined && isInForeground();
}

/**
 * Whether the terminal is this process's: one that takes keys or changes the mode of a terminal from the background is
 * stopped by the kernel. True where the system does not say.
 */
export function isInForeground(readStat: () => string = () => readFileSync("/proc/self/stat", "utf8")): boolean {
  try {
    const stat = readStat();
    const [, , processGroup, , , terminalProcessGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return processGroup === terminalProcessGroup || terminalProcessGroup === "-1";
  } catch {
    return true;
  }
}

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours where the terminal has them and NO_COLOR and FORCE_COLOR do not say otherwise. */
export function painterFor(output: TerminalOutput): Paint {
  return output.hasColors?.() ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
}

export const plain: Paint = (_, text) => text;

import type { ProcessEndRecord } from "../history/annotations.ts";
import { messageOfLine } from "./log-line.ts";

const mostCharacters = 300;

/** How a process ended, and what it logged last: `(exit code 70): disk error`. */
export function howItEnded({ code, signal, lastLine }: Pick<ProcessEndRecord, "code" | "signal" | "lastLine">): string {
  const how = signal === null ? `exit code ${code}` : signal;
  return `(${how}): ${lastLine === null ? "it had logged nothing" : cut(messageOfLine(lastLine) ?? lastLine)}`;
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileLines } from "../../history/file-lines.ts";
import { messageOfLine, parseLogLine } from "../log-line.ts";

/** A line of a node's log that somebody should look at. */
export interface LogFinding {
  /** The log's file name without its ending. */
  readonly node: string;
  readonly file: string;
  readonly line: number;
  /** What it says: the message of a structured line, else the line, cut. */
  readonly text: string;
}

/** What the logs of a run say that is out of the ordinary. */
export interface LogFindings {
  /** The first few of each node. */
  readonly findings: readonly LogFinding[];
  /** How many lines there are in all, by node. */
  readonly counts: Readonly<Record<string, number>>;
}

const mostOfANode = 10;
const mostCharacters = 300;

/** From this on, pino's levels mean errors. */
const errorLevel = 50;
const alarming = /panic|RaftBug|invariant/;

/** Looks through the logs of a run, one `NODE.log` a node, for errors and for what only a bug makes a node say. */
export function findLogPatterns(logsFolder: string): LogFindings {
  if (!existsSync(logsFolder)) return { findings: [], counts: {} };
  const logs = readdirSync(logsFolder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.includes(".log"))
    .map(({ name }) => name)
    .sort();
  const found = logs.map((name) => findIn(logsFolder, name));
  return {
    findings: found.flatMap(({ first }) => first),
    counts: Object.fromEntries(found.filter(({ count }) => count > 0).map(({ node, count }) => [node, count])),
  };
}

/** The findings as a run's warnings, one a node. */
export function logWarnings({ findings, counts }: LogFindings): string[] {
  return Object.entries(counts).map(([node, count]) => {
    const first = findings.find((finding) => finding.node === node);
    const more = count > 1 ? ` (and ${count - 1} more)` : "";
    return `the log of ${node} reports an error in line ${first?.line}: ${first?.text}${more}`;
  });
}

function findIn(folder: string, name: string): { node: string; first: LogFinding[]; count: number } {
  const node = name.replace(/\.log.*$/, "");
  const first: LogFinding[] = [];
  let count = 0;
  let number = 0;
  for (const line of fileLines(join(folder, name))) {
    number++;
    const text = alarmIn(line);
    if (text === null) continue;
    count++;
    if (first.length < mostOfANode) first.push({ node, file: name, line: number, text: cut(text) });
  }
  return { node, first, count };
}

/** What the line says if it is alarming; null if not. */
function alarmIn(line: string): string | null {
  const entry = parseLogLine(line);
  const isError = typeof entry?.level === "number" && entry.level >= errorLevel;
  if (!isError && !alarming.test(line)) return null;
  return messageOfLine(line) ?? line;
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

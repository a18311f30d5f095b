import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseDurationMs } from "../../controller/plan/duration.ts";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { choosePruned, listRuns, type PruneLimits, removeRuns, type StoredRun } from "../../store/prune.ts";
import { formatBytes, parseBytes } from "../size.ts";
import { visibleLine } from "../visible.ts";

/** The options of `keelhaul clean --runs`, as they were typed. */
export interface PruneFlags {
  readonly store: string;
  readonly olderThan?: string;
  readonly keep?: string;
  readonly maxSize?: string;
  readonly yes?: true;
}

/** The terminal, or what stands in for it. */
export interface PruneTerminal {
  readonly print: (line: string) => void;
  /** Asks a yes-or-no question; null where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
}

/**
 * Prints the runs that are beyond a limit, and removes them once that is confirmed. Returns why it left a run alone, for
 * each that it did.
 */
export async function pruneRuns(flags: PruneFlags, terminal: PruneTerminal, nowMs: number): Promise<readonly string[]> {
  const { store, yes } = flags;
  const limits = parseLimits(flags);
  if (!existsSync(store)) throw new UsageError(`--store: got ${quote(store)}; there is no such folder`);
  const runs = await listRuns(store);
  const chosen = choosePruned(runs, limits, nowMs);
  if (chosen.length === 0) {
    terminal.print(
      `nothing to remove: no run in ${store} is beyond the limits (${runs.length} in all, ${total(runs)})`,
    );
    return [];
  }
  terminal.print(
    `${chosen.length} of ${runs.length} runs in ${store} are beyond the limits (${total(chosen)} of ${total(runs)}):`,
  );
  for (const { folder, startedAt, bytes } of chosen) {
    terminal.print(
      `  ${startedAt.toISOString().slice(0, 16).replace("T", " ")}  ${formatBytes(bytes).padStart(6)}  ${folder}`,
    );
  }
  if (yes !== true && !(await confirmed(terminal))) return [];
  const leftAlone = await removeRuns(store, chosen);
  terminal.print(`removed ${chosen.length - leftAlone.length} of them`);
  return leftAlone;
}

/** What a person at a terminal is asked by. */
export function processTerminal(): PruneTerminal {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  return { print: (line) => void process.stdout.write(`${visibleLine(line)}\n`), ask: isTerminal ? askPerson : null };
}

async function confirmed({ print, ask }: PruneTerminal): Promise<boolean> {
  if (ask === null) {
    print("nothing was removed; add --yes to remove them");
    return false;
  }
  const isSure = await ask("Remove them? [y/N] ");
  if (!isSure) print("nothing was removed");
  return isSure;
}

async function askPerson(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await prompt.question(question)).trim());
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    process.stdout.write("\n"); // Ctrl-C or Ctrl-D, which the terminal leaves the cursor behind
    return false;
  } finally {
    prompt.close();
  }
}

function parseLimits({ olderThan, keep, maxSize }: PruneFlags): PruneLimits {
  if (olderThan === undefined && keep === undefined && maxSize === undefined) {
    throw new UsageError("--runs needs a limit: add --older-than, --keep or --max-size");
  }
  return {
    ...(olderThan === undefined ? {} : { olderThanMs: parseAge(olderThan) }),
    ...(keep === undefined ? {} : { keep: parseCount(keep) }),
    ...(maxSize === undefined ? {} : { maxBytes: parseSize(maxSize) }),
  };
}

function parseAge(text: string): number {
  const ageMs = parseDurationMs(text);
  if (ageMs !== null) return ageMs;
  throw new UsageError(`--older-than: got ${quote(text)}; expected an age such as 7d or 12h`);
}

function parseCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--keep: got ${quote(text)}; expected a whole number of runs such as 20`);
}

function parseSize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes !== null) return bytes;
  throw new UsageError(`--max-size: got ${quote(text)}; expected a size such as 500MB or 2GB`);
}

function total(runs: readonly StoredRun[]): string {
  return formatBytes(runs.reduce((sum, { bytes }) => sum + bytes, 0));
}

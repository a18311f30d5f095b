import { UsageError } from "../errors/errors.ts";
import { describeSystemError, isSystemError } from "../errors/system-error.ts";
import { HistoryError } from "../history/history-error.ts";
import { describeDefect } from "./defect.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program/program.ts";
import { visible } from "./visible.ts";

/**
 * The `keelhaul` command. What the user asked for and cannot have is one sentence and exit code 254, and so is what the
 * operating system refuses; a defect of our own is a sentence too, with 255 and its stack trace in a file.
 */
export async function runCommand(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Ends the process as `runCommand` would where an error reaches nobody who waits for it. */
export function guardProcess(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error) => goOnUnheard(output, error));
  }
  process.on("uncaughtException", endAtOnce);
}

/**
 * A reader that has seen enough (`| head`), a terminal that was closed, or a full disk ends no command: it still heals and
 * stops what it started. Its exit code is the verdict's, unless results were lost that somebody waits for.
 */
function goOnUnheard(output: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  const isUnread = error.code !== undefined && ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"].includes(error.code);
  if (isUnread || output !== process.stdout) return;
  process.stderr.write(`keelhaul: standard output cannot be written: ${error.message}\n`);
  process.on("exit", () => {
    process.exitCode = exitCodes.internal;
  });
}

/** Node itself would exit with 1, which means that the store was found to be wrong. */
function endAtOnce(error: unknown): void {
  process.exit(report(error));
}

function report(error: unknown): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : exitCodes.usage;
  const sentence = sentenceFor(error);
  process.stderr.write(`keelhaul: ${visible(sentence ?? describeDefect(error))}\n`);
  return sentence === null ? exitCodes.internal : exitCodes.usage;
}

/** Null for a defect of our own. */
function sentenceFor(error: unknown): string | null {
  if (error instanceof UsageError || error instanceof HistoryError) return error.message;
  return isSystemError(error) ? describeSystemError(error) : null;
}

/** Commander has printed its sentence (or the help that was asked for) itself. */
function isCommanderError(error: unknown): error is { exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}

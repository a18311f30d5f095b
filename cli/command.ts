import { UsageError } from "../errors/errors.ts";
import { HistoryError } from "../history/history-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program/program.ts";

/**
 * The `keelhaul` command. What the user asked for and cannot have is one sentence and exit code 254; a defect of our
 * own is the only thing that shows a stack trace, with 255.
 */
export async function runCommand(argv: readonly string[]): Promise<void> {
  for (const output of [process.stdout, process.stderr]) output.on("error", goOnUnheard);
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/**
 * A reader that has seen enough (`| head`), or a terminal that was closed, ends no command: it still heals and stops what it
 * started, and its exit code is the verdict's.
 */
function goOnUnheard(error: NodeJS.ErrnoException): void {
  if (error.code === undefined || !["EPIPE", "EIO", "ERR_STREAM_DESTROYED"].includes(error.code)) throw error;
}

function report(error: unknown): number {
  if (error instanceof UsageError || error instanceof HistoryError) {
    process.stderr.write(`keelhaul: ${error.message}\n`);
    return exitCodes.usage;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : exitCodes.usage;
  process.stderr.write(`keelhaul: internal error, please report it\n${error instanceof Error ? error.stack : error}\n`);
  return exitCodes.internal;
}

/** Commander has printed its sentence (or the help that was asked for) itself. */
function isCommanderError(error: unknown): error is { exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}

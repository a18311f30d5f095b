import { UsageError } from "../errors/errors.ts";
import { HistoryError } from "../history/history-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program/program.ts";

/**
 * The `keelhaul` command. What the user asked for and cannot have is one sentence and exit code 254; a defect of our
 * own is the only thing that shows a stack trace, with 255.
 */
export async function runCommand(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", endQuietly);
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Whoever read our output has seen enough (`| head`): no reason to complain. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
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

import { dashed } from "./option-names.ts";
import { describeSystemError, isSystemError } from "./system-error.ts";

/** Something the user asked for that cannot be done as asked: told in one sentence, exit code 254, never a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * An option that cannot have its value. The message names it as the command line spells it; `at` says the same of another
 * place, such as the line of a file that the option came from.
 */
export class OptionError extends UsageError {
  /** The option in camel case, then what is inside of it, such as `["set", "electionTimeoutMs"]`. */
  readonly path: readonly PropertyKey[];
  /** What is wrong with the value, and what is expected instead. */
  readonly problem: string;

  constructor(path: readonly PropertyKey[], problem: string, options?: ErrorOptions) {
    super(`${asTyped(path)}: ${problem}`, options);
    this.path = path;
    this.problem = problem;
  }

  at(place: string): UsageError {
    return new UsageError(`${place}: ${this.problem}`, { cause: this });
  }
}

/** `timeLimit` as the command line spells it, and what is inside of an option behind it: `--set trace`. */
function asTyped([option = "", ...inside]: readonly PropertyKey[]): string {
  return [`--${dashed(String(option))}`, ...(inside.length === 0 ? [] : [inside.map(String).join(".")])].join(" ");
}

/** An error, and before it those during whose handling it happened. */
export function problemsOf(error: unknown): readonly unknown[] {
  return error instanceof SuppressedError ? [...problemsOf(error.suppressed), ...problemsOf(error.error)] : [error];
}

/** The text of anything thrown; of several errors, in the order in which they happened. */
export function messageOf(error: unknown): string {
  if (error instanceof SuppressedError) return problemsOf(error).map(messageOf).join("; ");
  if (isSystemError(error)) return describeSystemError(error);
  return error instanceof Error ? error.message : String(error);
}

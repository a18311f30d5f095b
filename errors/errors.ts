/** Something the user asked for that cannot be done as asked: told in one sentence, exit code 254, never a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

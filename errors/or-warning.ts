import { describeSystemError, isSystemError } from "./system-error.ts";

/** Writes something that a run can do without. What the operating system refuses becomes a warning: `WHAT: why`. */
export async function orWarning(what: string, write: () => unknown): Promise<string[]> {
  try {
    await write();
    return [];
  } catch (error) {
    if (isSystemError(error)) return [`${what}: ${describeSystemError(error)}`];
    throw error;
  }
}

/** Whether the operating system refused something, such as writing to a folder that is read-only or full. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

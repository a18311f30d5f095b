/** The disk, or what is on it, cannot be used. The node must not run. */
export class StorageError extends Error {}

/** A file is damaged where a crash cannot have damaged it. Going on would forget what was promised. */
export class Corruption extends StorageError {
  constructor(path: string, offset: number, what: string) {
    super(
      `${path} is corrupt at byte ${offset}: ${what}. The node will not start, because what it promised may be lost; ` +
        "replace its disk, or give it an empty data directory under a new id",
    );
  }
}

/** There is no room. Nothing that was acknowledged is lost, and the node can be started again when there is. */
export class DiskFull extends StorageError {
  constructor(path: string, wantedBytes: number, cause: NodeJS.ErrnoException) {
    super(
      `the disk is full (${cause.code}): no room for ${wantedBytes} more bytes of ${path}. ` +
        "Make room and start the node again; nothing that it acknowledged is lost",
      { cause },
    );
  }
}

/** A failed action as a StorageError that names the file. `wantedBytes`: what it would have added to the file. */
export function storageError(path: string, action: string, wantedBytes: number, cause: unknown): StorageError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return new DiskFull(path, wantedBytes, cause as NodeJS.ErrnoException);
  return new StorageError(`${path} cannot be ${action}: ${message}`, { cause });
}

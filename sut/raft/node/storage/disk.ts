/**
 * What the node's storage needs of a file system, and no more, so that tests can put one in its place that crashes, fills up
 * and fails. Every deed fails with a StorageError that names the file; DiskFull when there is no room.
 */
export interface Disk {
  /** Makes the directory and its parents, durably. */
  makeDirectory(path: string): Promise<void>;
  /** Names of what is in the directory, in order. */
  list(directory: string): Promise<string[]>;
  /** `create` empties what has that name already. */
  open(path: string, mode: "create" | "existing"): Promise<DiskFile>;
  /** Replaces what has the new name. Durable, like creation and removal, once the directory is synced. */
  rename(from: string, to: string): Promise<void>;
  /** One that is gone already is as it should be. */
  remove(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

export interface DiskFile {
  bytes(): Promise<number>;
  /** Exactly these bytes. */
  read(offset: number, length: number): Promise<Buffer>;
  /** All of the bytes; durable once synced. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

import { quote } from "./quote.ts";

/** Whether the operating system refused something, such as writing to a folder that is read-only or full. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/**
 * What was wrong with a file, a folder or a port, and what to do about it: one sentence, without a stack trace. `place` is
 * what it is about where the error itself does not say.
 */
export function describeSystemError(error: NodeJS.ErrnoException, place?: string): string {
  const { why, remedy } = refusalOf(error);
  return `cannot ${attempt(error, place)}: ${why}${remedy === null ? "" : `; ${remedy}`}`;
}

function refusalOf({ code = "", syscall, message }: NodeJS.ErrnoException): Refusal {
  if (syscall === "mkdir" && code === "ENOENT") return noFolders;
  return refusals[code] ?? { why: code === "" ? message : code, remedy: null };
}

interface Refusal {
  readonly why: string;
  readonly remedy: string | null;
}

/** By the codes that Node gives the errors of the operating system. */
const refusals: Readonly<Record<string, Refusal>> = {
  ENOENT: { why: "there is no such file or folder", remedy: "check the path" },
  EACCES: { why: "permission denied", remedy: "change its permissions or choose another path" },
  EPERM: { why: "the operating system does not permit it", remedy: "choose another path" },
  EROFS: { why: "the file system is read-only", remedy: "choose a path on a writable one" },
  ENOSPC: { why: "no space is left on the device", remedy: "free some space or choose another disk" },
  EDQUOT: { why: "the disk quota is used up", remedy: "free some space or choose another disk" },
  ENOTDIR: { why: "a part of the path is a file, not a folder", remedy: "choose another path" },
  EISDIR: { why: "it is a folder, not a file", remedy: "name a file" },
  EEXIST: { why: "it exists already", remedy: "choose another path or remove it" },
  ENOTEMPTY: { why: "there is a folder with files in its place", remedy: "choose another path or remove it" },
  ELOOP: { why: "its symbolic links lead in a circle", remedy: "choose another path" },
  ENAMETOOLONG: { why: "the path is too long", remedy: "choose a shorter one" },
  EINVAL: { why: "the file system does not support it", remedy: "choose another path" },
  EIO: { why: "the device reported an error", remedy: "check the disk" },
  EMFILE: { why: "too many files are open", remedy: "raise the limit with `ulimit -n`" },
  ENFILE: { why: "too many files are open on this machine", remedy: "close other programs" },
  ENOMEM: { why: "the machine has no memory left", remedy: "close other programs" },
  EADDRINUSE: { why: "another program listens there", remedy: "stop it or choose another port" },
  EADDRNOTAVAIL: { why: "this machine has no such address", remedy: "choose another address" },
  ECONNREFUSED: { why: "nothing listens there", remedy: "check the address" },
};

/** Where the folders above exist, as they do once they were made on the way. */
const noFolders: Refusal = {
  why: "its parent folder does not exist or accepts no new folders",
  remedy: "choose another path",
};

/** The system calls whose names say too little to a reader. */
const attempts: Readonly<Record<string, string>> = {
  mkdir: "create the folder",
  mkdtemp: "create a folder in",
  open: "open",
  read: "read",
  scandir: "list",
  opendir: "list",
  stat: "inspect",
  lstat: "inspect",
  access: "access",
  unlink: "remove",
  rm: "remove",
  rmdir: "remove",
  symlink: "create the link",
  rename: "create",
  listen: "listen on",
  bind: "listen on",
  connect: "connect to",
};

function attempt(error: NodeJS.ErrnoException, otherwise: string | undefined): string {
  const { syscall = "", path, dest, address, port } = error as NodeJS.ErrnoException & Place;
  const place = dest ?? path ?? (port === undefined ? address : `${address ?? ""}:${port}`) ?? otherwise;
  return `${attempts[syscall] ?? syscall}${place === undefined ? "" : ` ${quote(place)}`}`;
}

/** Node adds these, depending on the system call. */
interface Place {
  readonly dest?: string;
  readonly address?: string;
  readonly port?: number;
}

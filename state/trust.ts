import { lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname } from "node:path";

/** Whose files are trusted. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user that this process acts as. */
export function currentUser(): User {
  return { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1 };
}

const groupWrite = 0o020;
const otherWrite = 0o002;
const sticky = 0o1000;

/**
 * Why another user could have put the folder there, or could exchange it for something else; undefined when only this
 * user and root could. The folder itself must be a directory, not a link, that this user owns and nobody else may write
 * to. Every folder above it must belong to this user or root, and let nobody else rename what is in it.
 */
export function whyUntrusted(folder: string, user: User = currentUser()): string | undefined {
  const stats = lstatSync(folder);
  if (stats.isSymbolicLink()) return `${folder} is a symbolic link; expected a directory`;
  if (!stats.isDirectory()) return `${folder} is not a directory`;
  return whyForeign(folder, stats, user) ?? whyPathUntrusted(dirname(realpathSync(folder)), user);
}

/** As `whyUntrusted`, for a file or folder that has been looked at: whether it is this user's alone. */
export function whyForeign(path: string, { uid, mode }: Stats, user: User): string | undefined {
  if (uid !== user.uid) return `${path} belongs to uid ${uid}; expected uid ${user.uid}`;
  if ((mode & (groupWrite | otherWrite)) !== 0) return `${path} can be written by other users (mode ${octal(mode)})`;
  return undefined;
}

/** As `whyUntrusted`, for a folder that things are made in, such as `/tmp`; links on the way to it are followed. */
export function whyPathUntrusted(folder: string, user: User = currentUser()): string | undefined {
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    const { uid, gid, mode } = lstatSync(path);
    if (uid !== user.uid && uid !== 0) return `${path} belongs to uid ${uid}; expected uid ${user.uid} or root`;
    // A group that only this user is in (its own) is the default on many systems. In a sticky folder, only the owner
    // of an entry can rename it.
    const othersWrite = (mode & otherWrite) !== 0 || ((mode & groupWrite) !== 0 && gid !== user.gid && gid !== 0);
    if (othersWrite && (mode & sticky) === 0) return `${path} can be written by other users (mode ${octal(mode)})`;
    if (path === dirname(path)) return undefined;
  }
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

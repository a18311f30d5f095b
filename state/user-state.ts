import { randomBytes } from "node:crypto";
import { constants, mkdirSync } from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UsageError } from "../errors/errors.ts";
import { isSystemError } from "../errors/system-error.ts";
import { currentUser, type User, whyForeign, whyPathUntrusted, whyUntrusted } from "./trust.ts";

/**
 * What commands of one user leave for each other: running clusters, folders that runs made outside their store, and what it
 * takes to reach the machines of a run.
 */
export type Section = "clusters" | "folders" | "runs";

/** Where to look for the folder, and whose it must be. */
export interface StateSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly temporary: string;
  readonly user: User;
}

const remedy = "correct that, or set XDG_STATE_HOME to a folder that only you can write to";

/**
 * The folder of this user's state, made when it is missing: in XDG_STATE_HOME, else in `~/.local/state`, else, for a user
 * without a home to write to, in the temporary folder. Its owner and mode are checked on each use, because whoever can
 * write here chooses what `clean` deletes and which servers `kv` writes to. Throws a UsageError when it is not trusted.
 */
export function userStateFolder(source: StateSource = machineSource()): string {
  const { environment, home, temporary, user } = source;
  const asked = environment["XDG_STATE_HOME"];
  if (asked) return madePrivate(join(resolve(asked), "keelhaul"), user);
  const inHome = join(home, ".local", "state", "keelhaul");
  return canKeep(home, inHome, user)
    ? madePrivate(inHome, user)
    : madePrivate(join(temporary, `keelhaul-${user.uid}`), user);
}

/** The names in a section. */
export async function listState(section: Section): Promise<string[]> {
  const names = await readdir(sectionFolder(section));
  return names.filter((name) => !name.endsWith(unfinished));
}

/** Undefined when there is none. Throws when another user could have written it. */
export async function readState(section: Section, name: string): Promise<string | undefined> {
  const path = join(sectionFolder(section), name);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(absent);
  if (file === undefined) return undefined;
  try {
    const why = whyForeign(path, await file.stat(), currentUser());
    if (why !== undefined) throw new UsageError(`${why}; ${remedy}`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

/** Replaces what is there, as a whole: no reader sees half of it. Only this user can read it. */
export async function writeState(section: Section, name: string, text: string): Promise<void> {
  const path = join(sectionFolder(section), name);
  const draft = `${path}.${randomBytes(6).toString("hex")}${unfinished}`;
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(text);
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

export async function removeState(section: Section, name: string): Promise<void> {
  await rm(join(sectionFolder(section), name), { force: true });
}

const unfinished = ".part";

function machineSource(): StateSource {
  return { environment: process.env, home: homedir(), temporary: tmpdir(), user: currentUser() };
}

/** A home may be missing, read-only, or (after `sudo`, say) another user's. */
function canKeep(home: string, folder: string, user: User): boolean {
  try {
    if (whyPathUntrusted(home, user) !== undefined) return false;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

function madePrivate(folder: string, user: User): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const why = whyUntrusted(folder, user);
  if (why !== undefined) throw new UsageError(`${why}; ${remedy}`);
  return folder;
}

function sectionFolder(section: Section): string {
  return madePrivate(join(userStateFolder(), section), currentUser());
}

function absent(error: NodeJS.ErrnoException): FileHandle | undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

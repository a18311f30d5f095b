import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { UsageError } from "../errors/errors.ts";
import { isSystemError } from "../errors/system-error.ts";
import { readRecord } from "../history/read-record.ts";
import { runFiles } from "../history/test-record.ts";
import { controllerState } from "../hosts/controller-name.ts";
import { removeFolder } from "../state/remove-folder.ts";
import { whyPathUntrusted } from "../state/trust.ts";
import { pointLatest, startOf } from "./run-folder.ts";

/** A run folder in a store. */
export interface StoredRun {
  readonly folder: string;
  readonly startedAt: Date;
  /** What it takes of the disk. */
  readonly bytes: number;
  /** Its controller runs, or may run on another machine. */
  readonly underWay: boolean;
}

/** What stays; a run that any limit excludes is pruned. */
export interface PruneLimits {
  readonly olderThanMs?: number;
  /** The newest so many. */
  readonly keep?: number;
  /** The newest that fit in together. */
  readonly maxBytes?: number;
}

/** Every run folder of the store, the newest first. */
export async function listRuns(store: string): Promise<StoredRun[]> {
  const runs: StoredRun[] = [];
  for (const name of folderNames(store)) {
    for (const time of folderNames(join(store, name))) {
      const folder = join(store, name, time);
      const startedAt = startOf(time);
      if (startedAt === null || !existsSync(join(folder, runFiles.test))) continue;
      runs.push({ folder, startedAt, bytes: bytesOf(folder), underWay: await isUnderWay(folder) });
    }
  }
  return runs.sort((one, other) => other.startedAt.getTime() - one.startedAt.getTime());
}

/** Those of the runs, the newest first, that are beyond a limit. A run that is under way counts, and stays. */
export function choosePruned(runs: readonly StoredRun[], limits: PruneLimits, nowMs: number): StoredRun[] {
  const { olderThanMs = Infinity, keep = Infinity, maxBytes = Infinity } = limits;
  let bytesUpTo = 0;
  return runs.filter(({ startedAt, bytes, underWay }, place) => {
    bytesUpTo += bytes;
    const excluded = nowMs - startedAt.getTime() > olderThanMs || place >= keep || bytesUpTo > maxBytes;
    return excluded && !underWay;
  });
}

/** Removes the runs, and points `latest` to one that is left. Returns why it left a run alone, for each that it did. */
export async function removeRuns(store: string, runs: readonly StoredRun[]): Promise<string[]> {
  const leftAlone: string[] = [];
  for (const { folder } of runs) {
    const why = whyNotIn(store, folder);
    if (why !== undefined) leftAlone.push(`left ${folder} alone: ${why}; inspect it and remove it by hand`);
    else await removeRun(folder);
  }
  await renewLatest(store);
  return leftAlone;
}

async function removeRun(folder: string): Promise<void> {
  await removeFolder(folder, runFiles.test);
  await rmdir(dirname(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
}

/** Whoever can exchange a folder on the way to the run would choose what is removed. */
function whyNotIn(store: string, folder: string): string | undefined {
  const real = realpathSync(folder);
  const expected = join(realpathSync(store), relative(store, folder));
  return real === expected ? whyPathUntrusted(real) : `it is reached through a symbolic link, as ${real}`;
}

async function renewLatest(store: string): Promise<void> {
  const link = join(store, "latest");
  if (existsSync(link) || !isLink(link)) return;
  const [newest] = await listRuns(store);
  if (newest === undefined) await rm(link);
  else await pointLatest(store, newest.folder);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Directories; links to such are none. */
function folderNames(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

const blockBytes = 512;

function bytesOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  const inside = stats.isDirectory() ? entriesOf(path) : [];
  return stats.blocks * blockBytes + inside.reduce((sum, { name }) => sum + bytesOf(join(path, name)), 0);
}

/** A run that is under way removes folders meanwhile; what is gone is empty. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Whether the run in the folder has a controller that runs, or may run on another machine. */
export async function isUnderWay(folder: string): Promise<boolean> {
  const controller = controllerOf(folder);
  if (controller === undefined) return false;
  const state = await controllerState(controller);
  if (state === "elsewhere") return !existsSync(join(folder, runFiles.results));
  return state === "runs";
}

/** Only this, so that a run under way is recognised whatever else another release writes. */
const controlledBy = z.looseObject({ controller: z.string() });

function controllerOf(folder: string): string | undefined {
  try {
    return readRecord(join(folder, runFiles.test), controlledBy)?.controller;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

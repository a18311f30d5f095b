import { access, constants, mkdir, readdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { OptionError } from "../errors/errors.ts";
import { describeSystemError, isSystemError } from "../errors/system-error.ts";
import { readTestRecord } from "../history/read-record.ts";
import { replaceFile } from "../history/replace-file.ts";
import { type MachineVersions, runFiles, type TestRecord } from "../history/test-record.ts";

/**
 * Makes the folder of a new run, `STORE/NAME/TIME`, with its `test.json`; leaves nothing when that fails. Throws an
 * OptionError where the store cannot be written to.
 */
export async function createRunFolder(store: string, test: TestRecord): Promise<string> {
  return withRecord(await createFolder(store, test.name, new Date(test.startedAt)), test);
}

/** Makes the folder of a part of a run that is a run of its own, under its name. */
export async function createSegmentFolder(parent: string, test: TestRecord): Promise<string> {
  return withRecord(await inStore(() => makeFolder(join(parent, test.name))), test);
}

function withRecord(folder: string, test: TestRecord): Promise<string> {
  return inStore(async () => {
    try {
      await mkdir(join(folder, runFiles.logs));
      replaceFile(join(folder, runFiles.test), `${JSON.stringify(test, null, 2)}\n`);
      return folder;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  });
}

/** Adds to a run's `test.json` what its machines consist of, which is known once they are there. */
export async function recordVersions(folder: string, versions: MachineVersions): Promise<void> {
  const test = readTestRecord(folder);
  if (test === null) throw new Error(`${runFiles.test} is gone from ${folder}`);
  const record: TestRecord = { ...test, versions: { ...test.versions, ...versions } };
  replaceFile(join(folder, runFiles.test), `${JSON.stringify(record, null, 2)}\n`);
}

/** Makes `STORE/NAME/TIME`. Throws an OptionError where it cannot. */
export function createFolder(store: string, name: string, startedAt: Date): Promise<string> {
  return inStore(() => makeFolder(join(store, name, folderTime(startedAt))));
}

/** Makes the store, so that what takes long fails before it began, and not when it has something to keep. */
export async function requireStore(store: string): Promise<void> {
  await inStore(async () => {
    await makeFolders(store);
    await access(store, constants.W_OK);
    await readdir(store); // refuses a file
  });
}

/** Does something in a store; throws an OptionError where the operating system refuses it. */
export async function inStore<Made>(make: () => Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    throw isSystemError(error) ? new OptionError(["store"], describeSystemError(error), { cause: error }) : error;
  }
}

/** Makes the folder, or, where two runs start in one second, the same with a number behind. */
async function makeFolder(wanted: string): Promise<string> {
  await makeFolders(dirname(wanted));
  for (let number = 1; ; number++) {
    const folder = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The folder with all above it. Node's own recursive `mkdir` never returns below a folder such as /proc, which takes none. */
async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolders(dirname(folder));
    await mkdir(folder).catch(ignoreExisting);
  }
}

/** Another run may have made it just now. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

/**
 * Points `STORE/latest` to a run. The link is made in the run's own folder and moved, so that runs that begin at the same
 * time do not trip over each other.
 */
export async function pointLatest(store: string, folder: string): Promise<void> {
  const link = join(folder, "latest");
  await symlink(relative(store, folder), link);
  await rename(link, join(store, "latest"));
}

/** `20260102T030405Z`: sorts by time, and is a plain file name everywhere. */
function folderTime(time: Date): string {
  return `${time.toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
}

/** When the run with a folder of this name started; null for any other name. */
export function startOf(name: string): Date | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-\d+)?$/.exec(name) ?? [];
  if (year === undefined) return null;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? null : time;
}

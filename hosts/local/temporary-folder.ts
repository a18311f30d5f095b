import { randomBytes } from "node:crypto";
import { constants, lstatSync, realpathSync } from "node:fs";
import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, resolve, sep } from "node:path";
import { z } from "zod";
import { isSystemError } from "../../errors/system-error.ts";
import { removeFolder } from "../../state/remove-folder.ts";
import { currentUser, whyForeign, whyUntrusted } from "../../state/trust.ts";
import { listState, readState, removeState, userStateFolder, writeState } from "../../state/user-state.ts";
import { unmountImagesIn } from "../agent/disks/image.ts";
import type { Cleaned } from "../backend.ts";
import { ownControllerName } from "../controller-name.ts";
import { stateOfController } from "../run-state.ts";

/** A file in each temporary folder. Its text is drawn anew for each folder, and stands in the folder's record too. */
const markerName = ".keelhaul-temporary";

/** Files of a temporary folder that outlive it: in this folder, by their new names, from paths inside the temporary one. */
const keptSchema = z.object({ folder: z.string(), files: z.record(z.string(), z.string()) });

const recordSchema = z.object({
  run: z.string(),
  controller: z.string(),
  /** With all links resolved. */
  folder: z.string(),
  marker: z.string(),
  kept: keptSchema.optional(),
});
type FolderRecord = z.output<typeof recordSchema>;

/** A folder that goes when its run ends. */
export interface TemporaryFolder {
  /**
   * Says that these files are kept should this process be killed, by their new names, from paths relative to the folder. What lies
   * elsewhere does not go with the folder, and stays where it is.
   */
  keep(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Says that an existing folder goes when the run ends, so that `keelhaul clean` removes it should this process be killed:
 * by a record in the user's state, and a marker inside that the record must match. What `keep` names goes to `keepIn` then.
 */
export async function markTemporary(run: string, folder: string, keepIn?: string): Promise<TemporaryFolder> {
  const marker = randomBytes(16).toString("hex");
  const kept = keepIn === undefined ? {} : { kept: { folder: resolve(keepIn), files: {} } };
  const controller = await ownControllerName();
  const record: FolderRecord = { run, controller, folder: realpathSync(folder), marker, ...kept };
  await writeFile(join(folder, markerName), marker, { flag: "wx", mode: 0o600 });
  await writeRecord(record);
  return temporaryFolder(record);
}

/** The temporary folder of a run that another controller began; null when there is none that is sure to be the run's. */
export async function reopenTemporary(run: string): Promise<TemporaryFolder | null> {
  for (const name of await listState("folders")) {
    const record = parseRecord(await readState("folders", name));
    if (record?.run === run && (await inspect(record)).state === "there") return temporaryFolder(record);
  }
  return null;
}

function temporaryFolder(record: FolderRecord): TemporaryFolder {
  const { kept } = record;
  let written = Promise.resolve();
  return {
    keep: async (files) => {
      const news = Object.entries(files).filter(([as, path]) => isInside(path) && kept?.files[as] !== path);
      if (kept === undefined || news.length === 0) return;
      Object.assign(kept.files, Object.fromEntries(news));
      written = written.then(() => writeRecord(record)); // one after another: the last one has all files
      await written;
    },
    remove: async () => {
      await removeFolder(record.folder, markerName);
      await removeState("folders", nameOf(record));
    },
  };
}

function isInside(path: string): boolean {
  return !isAbsolute(path) && path.split(sep)[0] !== "..";
}

function writeRecord(record: FolderRecord): Promise<void> {
  return writeState("folders", nameOf(record), `${JSON.stringify(record)}\n`);
}

function nameOf({ marker }: FolderRecord): string {
  return `${marker}.json`;
}

/** Removes the temporary folders of runs whose controller is gone. */
export async function cleanTemporaryFolders(): Promise<Cleaned> {
  const removed: string[] = [];
  const leftAlone: string[] = [];
  for (const name of await listState("folders")) {
    const record = parseRecord(await readState("folders", name));
    if (record === undefined) {
      const file = join(userStateFolder(), "folders", name);
      leftAlone.push(`left ${file} alone: it is not a record of a temporary folder; remove it`);
      continue;
    }
    if ((await stateOfController(record.run, record.controller)) !== "gone") continue;
    const { folder, run } = record;
    const found = await inspect(record);
    if (found.state === "foreign") {
      leftAlone.push(`left ${folder} of run ${run} alone: ${found.why}; inspect it and remove it by hand`);
      continue;
    }
    if (found.state === "there") {
      const unmounted = await unmountImagesIn(folder, run);
      removed.push(...unmounted.map((directory) => `unmounted ${directory} of run ${run}, whose controller is gone`));
      const names = await moveKept(record);
      await removeFolder(folder, markerName);
      const kept = names.length === 0 ? "" : `; kept ${names.join(", ")} in ${record.kept!.folder}`;
      removed.push(`removed ${folder} of run ${run}, whose controller is gone${kept}`);
    }
    await removeState("folders", name);
  }
  return { removed, leftAlone };
}

/**
 * Moves what a run that ends by itself would have copied, and returns the names. A rename follows no link that stands in place
 * of the file or of its new name.
 */
async function moveKept({ folder, kept }: FolderRecord): Promise<string[]> {
  const moved: string[] = [];
  for (const [name, path] of Object.entries(kept?.files ?? {})) {
    const source = join(folder, path);
    if (!lstatSync(source, { throwIfNoEntry: false })?.isFile()) continue;
    await mkdir(kept!.folder, { recursive: true });
    await rename(source, join(kept!.folder, name));
    moved.push(name);
  }
  return moved;
}

function parseRecord(text: string | undefined): FolderRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

type Found = { readonly state: "there" | "absent" } | { readonly state: "foreign"; readonly why: string };

/** Whether the folder is still the one that the run made, and not something else that took its place. */
async function inspect({ folder, marker, kept }: FolderRecord): Promise<Found> {
  try {
    lstatSync(folder);
  } catch (error) {
    if (isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return { state: "absent" };
    throw error;
  }
  const why =
    whyUntrusted(folder) ??
    (await whyUnmarked(folder, marker)) ??
    (kept !== undefined && exists(kept.folder) ? whyUntrusted(kept.folder) : undefined);
  return why === undefined ? { state: "there" } : { state: "foreign", why };
}

/** Also of a link that leads nowhere. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function whyUnmarked(folder: string, marker: string): Promise<string | undefined> {
  if (realpathSync(folder) !== folder) return `it is reached through a symbolic link, as ${realpathSync(folder)}`;
  const path = join(folder, markerName);
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const why = whyForeign(path, await file.stat(), currentUser());
      if (why !== undefined) return why;
      return (await file.readFile("utf8")) === marker ? undefined : `${basename(path)} in it is another run's`;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return `it has no ${basename(path)}`;
  }
}

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes a folder and what is in it, the file that says whose it is last: a removal that was interrupted can be taken up
 * again. Follows no links.
 */
export async function removeFolder(folder: string, marker: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names.filter((each) => each !== marker)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  await rm(folder, { recursive: true, force: true });
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import type { SshConnection } from "./connection.ts";

/** Files that belong together, and the hash of their names and contents. */
export interface Upload {
  readonly hash: string;
  readonly files: readonly UploadFile[];
}

interface UploadFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A slow line takes this long for a runtime of 120 MB at 100 kB/s. */
const uploadWithinMs = 20 * 60_000;

/** Every file of a folder, not those of folders in it. */
export async function folderUpload(folder: string): Promise<Upload> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return uploadOf(
    names
      .map(({ name }) => name)
      .sort()
      .map((name) => ({ name, path: join(folder, name) })),
  );
}

export async function uploadOf(named: readonly { readonly name: string; readonly path: string }[]): Promise<Upload> {
  const files = await Promise.all(
    named.map(async ({ name, path }) => {
      const hash = createHash("sha256");
      await pipeline(createReadStream(path), hash);
      return { name, path, bytes: (await stat(path)).size, sha256: hash.digest("hex") };
    }),
  );
  const listing = files.map(({ name, sha256 }) => `${sha256} ${name}\n`).join("");
  return { hash: createHash("sha256").update(listing).digest("hex"), files };
}

/**
 * Puts the files into a folder of the machine, unless they are there. A file that arrived in part is completed, and has its own
 * name only once its content was checked. Returns the number of bytes that were sent.
 */
export async function ensureUploaded(connection: SshConnection, { files }: Upload, folder: string): Promise<number> {
  let sent = 0;
  await connection.output(["mkdir", "-p", "-m", "700", folder]);
  for (const file of files) {
    if ((await sizeOf(connection, posix.join(folder, file.name))) === file.bytes) continue;
    sent += await sendFile(connection, file, folder);
  }
  return sent;
}

async function sendFile(connection: SshConnection, file: UploadFile, folder: string): Promise<number> {
  const part = posix.join(folder, `${file.name}.part`);
  let { sent, isWhole } = await complete(connection, file, part);
  if (!isWhole) {
    await connection.output(["rm", "-f", part]); // it began with other bytes than ours
    const again = await complete(connection, file, part);
    sent += again.sent;
    isWhole = again.isWhole;
  }
  if (!isWhole)
    throw new Error(`${connection.target.name}: ${file.name} arrived damaged twice; check the machine's disk`);
  await connection.output(["chmod", "700", part]); // a runtime has to be executable
  await connection.output(["mv", part, posix.join(folder, file.name)]);
  return sent;
}

async function complete(
  connection: SshConnection,
  { path, bytes, sha256 }: UploadFile,
  part: string,
): Promise<{ readonly sent: number; readonly isWhole: boolean }> {
  const present = Math.min((await sizeOf(connection, part)) ?? 0, bytes);
  if (present < bytes) {
    const append = ["dd", `of=${part}`, "oflag=append", "conv=notrunc", "bs=64k", "status=none"];
    await connection.output(append, {
      input: createReadStream(path, { start: present }),
      timeoutMs: uploadWithinMs,
    });
  }
  const [found] = (await connection.output(["sha256sum", part])).split(" ");
  return { sent: bytes - present, isWhole: found === sha256 };
}

/** Undefined when there is no such file. */
async function sizeOf(connection: SshConnection, path: string): Promise<number | undefined> {
  const { code, stdout } = await connection.exec(["stat", "-c", "%s", path]);
  return code === 0 ? Number(stdout) : undefined;
}

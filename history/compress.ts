import { open, rename, rm, unlink } from "node:fs/promises";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";

const compress = promisify(zstdCompress);
/** Every frame decompresses alone, so that `file-chunks.ts` needs memory for one frame and not for the history. */
const frameBytes = 4 << 20;

/**
 * Compresses a history that is over to `FILE.zst`, and returns that name. The plain file goes only when the compressed
 * one is complete and on disk; `zstd -d` reads it too.
 */
export async function compressHistory(file: string): Promise<string> {
  const target = `${file}.zst`;
  const partial = `${target}.partial`;
  try {
    await writeFrames(file, partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await unlink(file);
  return target;
}

async function writeFrames(from: string, to: string): Promise<void> {
  await using source = await open(from, "r");
  await using target = await open(to, "w");
  const buffer = Buffer.allocUnsafe(frameBytes);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, frameBytes, null);
    if (bytesRead === 0) break;
    await target.writeFile(await compress(buffer.subarray(0, bytesRead)));
  }
  await target.sync();
}

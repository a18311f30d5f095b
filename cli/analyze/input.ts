import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const standardInput = "-";

/** What is to be analysed, and room for what is made of it on the way. Gone when it is disposed of. */
export interface Input extends Disposable {
  /** Where it can be read. */
  readonly path: string;
  /** What its user calls it; reports are written beside that. */
  readonly name: string;
  /** For files that are needed until the analysis is over. */
  readonly workFolder: string;
}

/** A file or folder as it is, or standard input, which is read to its end. */
export async function openInput(path: string, stdin: Readable): Promise<Input> {
  const workFolder = mkdtempSync(join(tmpdir(), "keelhaul-analyze-"));
  const dispose = (): void => rmSync(workFolder, { recursive: true, force: true });
  if (path !== standardInput) return { path, name: path, workFolder, [Symbol.dispose]: dispose };
  const spooled = join(workFolder, "stdin");
  try {
    await pipeline(stdin, createWriteStream(spooled));
  } catch (error) {
    dispose();
    throw error;
  }
  return { path: spooled, name: "stdin", workFolder, [Symbol.dispose]: dispose };
}

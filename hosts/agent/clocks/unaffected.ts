import { open, readFile } from "node:fs/promises";

/** Where linkers put the notes of a program. */
const headBytes = 64 * 1024;
/** The note by which the Go linker names a build: its type, 4, and its owner. */
const goNote = Buffer.from("\x04\0\0\0Go\0\0", "latin1");

/** Why a running process does not read its clock from libfaketime, though it was started under it; null: it does. */
export async function whyUnaffected(pid: number): Promise<string | null> {
  const maps = await readFile(`/proc/${pid}/maps`, "utf8").catch(() => null);
  if (maps === null) return `pid ${pid} is gone, or belongs to another user`;
  if (!maps.includes("libfaketime")) {
    return `pid ${pid} has not loaded libfaketime: a statically linked program does not read its clock through libc`;
  }
  if (await isGo(pid)) return `pid ${pid} is a Go program, which does not read its clock through libc`;
  return null;
}

async function isGo(pid: number): Promise<boolean> {
  const program = await open(`/proc/${pid}/exe`);
  try {
    const { buffer, bytesRead } = await program.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead).includes(goNote);
  } finally {
    await program.close();
  }
}

import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { damageFiles, restoreFiles } from "./damaged-files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keelhaul-damage-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = "what a node has promised ".repeat(40);

async function write(path: string, content: string | Buffer, atSeconds: number): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), content);
  await utimes(join(folder, path), atSeconds, atSeconds);
}

const read = (path: string) => readFile(join(folder, path), "utf8");

test("bits flip in the file and range that were asked for, the same for a seed, and flip back", async () => {
  await write("wal/1.wal", text, 1);
  await write("superblock", text, 2);
  const range = { seed: 7, file: "wal/", fromByte: 10, untilByte: 20 };
  const damaged = await damageFiles(folder, "flip", range);
  expect(damaged.changes.length).toBeGreaterThan(0);
  expect(damaged.seen).toBe(damaged.changes.length);
  for (const { path, offset } of damaged.changes) {
    expect(path).toBe("wal/1.wal");
    expect(offset).toBeGreaterThanOrEqual(10);
    expect(offset).toBeLessThan(20);
  }
  expect(await read("wal/1.wal")).not.toBe(text);
  expect(await read("superblock")).toBe(text);
  expect(await restoreFiles(folder, damaged)).toBe(damaged.changes.length);
  expect(await read("wal/1.wal")).toBe(text);
  expect((await damageFiles(folder, "flip", range)).changes).toEqual(damaged.changes);
});

test("what was written over since the damage is left as it is", async () => {
  await write("log", text, 1);
  const damaged = await damageFiles(folder, "flip", { seed: 1 });
  await write("log", "new", 2);
  expect(await restoreFiles(folder, damaged)).toBe(0);
  expect(await read("log")).toBe("new");
  await rm(join(folder, "log"));
  expect(await restoreFiles(folder, damaged)).toBe(0);
});

test("the file that was written last ends earlier, and has its end back", async () => {
  await write("old", text, 1);
  await write("new", text, 2);
  const damaged = await damageFiles(folder, "torn", { seed: 3 });
  const short = await read("new");
  expect(text.startsWith(short)).toBe(true);
  expect(short.length).toBeLessThan(text.length);
  expect(damaged.seen).toBe(damaged.changes.length);
  expect(await read("old")).toBe(text);
  await restoreFiles(folder, damaged);
  expect(await read("new")).toBe(text);
});

test("a file that was made longer ahead of need keeps its size, with zeros for what was cut off", async () => {
  await write("wal", Buffer.concat([Buffer.from(text), Buffer.alloc(1000)]), 1);
  const damaged = await damageFiles(folder, "torn", { seed: 3 });
  const torn = await readFile(join(folder, "wal"));
  expect(torn.length).toBe(text.length + 1000);
  expect(torn.toString().replaceAll("\0", "")).toBe(text.slice(0, damaged.changes[0]!.offset));
  expect(await restoreFiles(folder, damaged)).toBe(damaged.changes.length);
  expect((await read("wal")).replaceAll("\0", "")).toBe(text);
});

test("nothing is hit where nothing was written, and no link is followed out of the directory", async () => {
  expect((await damageFiles(folder, "torn", { seed: 1 })).changes).toEqual([]);
  const outside = await mkdtemp(join(tmpdir(), "keelhaul-outside-"));
  await writeFile(join(outside, "precious"), text);
  await symlink(join(outside, "precious"), join(folder, "link"));
  await symlink(outside, join(folder, "links"));
  expect((await damageFiles(folder, "flip", { seed: 1 })).changes).toEqual([]);
  expect(await readFile(join(outside, "precious"), "utf8")).toBe(text);
  await rm(outside, { recursive: true });
});

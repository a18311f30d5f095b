import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskFull, StorageError } from "./errors.ts";
import { localDisk } from "./local-disk.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keelhaul-disk-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.each([true, false])("files can be made, read, written anywhere, renamed and removed (fsync %s)", async (fsync) => {
  const disk = localDisk({ fsync });
  const home = join(directory, "new", "data");
  await disk.makeDirectory(home);
  const file = await disk.open(join(home, "b"), "create");
  await file.write(Buffer.from("world"), 6);
  await file.write(Buffer.from("hello"), 0);
  await file.sync();
  expect(await file.bytes()).toBe(11);
  expect(await file.read(3, 5)).toEqual(Buffer.from("lo\0wo"));
  await expect(file.read(8, 5)).rejects.toThrow(`${join(home, "b")} cannot be read: it ends at byte 11`);
  await disk.rename(join(home, "b"), join(home, "a"));
  await disk.syncDirectory(home);
  await file.close();
  await (await disk.open(join(home, "c"), "create")).close();
  expect(await disk.list(home)).toEqual(["a", "c"]);
  await disk.remove(join(home, "a"));
  expect(await readdir(home)).toEqual(["c"]);
});

test("a relative directory of one letter is made where the process stands", async () => {
  const before = process.cwd();
  process.chdir(directory);
  try {
    await localDisk({ fsync: true }).makeDirectory("d");
  } finally {
    process.chdir(before);
  }
  expect(await readdir(directory)).toEqual(["d"]);
});

test("a failing deed names the file, and what the disk said", async () => {
  const disk = localDisk({ fsync: true });
  await mkdir(join(directory, "d"));
  const opening = disk.open(join(directory, "d"), "existing");
  await expect(opening).rejects.toBeInstanceOf(StorageError);
  await expect(opening).rejects.toThrow(`${join(directory, "d")} cannot be opened: EISDIR`);
  const moving = disk.rename(join(directory, "x"), join(directory, "y"));
  await expect(moving).rejects.toThrow(`${join(directory, "x")} cannot be renamed: ENOENT`);
});

test("a file that is gone already is removed without an error", async () => {
  await localDisk({ fsync: true }).remove(join(directory, "x"));
  expect(await readdir(directory)).toEqual([]);
});

test("a full disk is told by file and bytes", async () => {
  const file = await localDisk({ fsync: true }).open("/dev/full", "existing");
  const writing = file.write(Buffer.alloc(100), 0);
  await expect(writing).rejects.toBeInstanceOf(DiskFull);
  await expect(writing).rejects.toThrow("the disk is full (ENOSPC): no room for 100 more bytes of /dev/full");
  await file.close();
});

test("a file that is read is not changed", async () => {
  const disk = localDisk({ fsync: true });
  const path = join(directory, "a");
  const file = await disk.open(path, "create");
  await file.write(Buffer.from("kept"), 0);
  await file.close();
  await (await disk.open(path, "existing")).close();
  expect(await readFile(path, "utf8")).toBe("kept");
});

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { SnapshotMeta } from "../../core/types.ts";
import type { DiskFile } from "./disk.ts";
import { Corruption } from "./errors.ts";
import { type SnapshotFiles, SnapshotMismatch } from "./snapshot-files.ts";
import { snapshotChunkBytes } from "./snapshot-format.ts";
import { FakeDisk } from "./test-support/fake-disk.ts";
import { openSnapshots } from "./test-support/no-promises.ts";

const directory = "/data/snapshots";
const membership = { incoming: ["n1", "n2", "n3"], outgoing: [], learners: ["n4"], learnersNext: [], autoLeave: false };
const metaAt = (index: number, term = 1): SnapshotMeta => ({ index, term, membership });
const pathOf = (index: number, term = 1) =>
  `${directory}/${String(index).padStart(16, "0")}-${String(term).padStart(10, "0")}.snapshot`;
function contentOf(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) content[at] = (at * 31) >>> 3;
  return content;
}

const digestOf = (content: Buffer) => createHash("sha256").update(content).digest("hex");

async function take(files: SnapshotFiles, meta: SnapshotMeta, content: Buffer, pieceBytes = 50_000): Promise<void> {
  const writer = await files.create(meta);
  for (let at = 0; at < content.length; at += pieceBytes) await writer.write(content.subarray(at, at + pieceBytes));
  await writer.commit();
}

async function contentAt(files: SnapshotFiles, pieceBytes = 100_000): Promise<Buffer> {
  const reader = await files.open(files.latest()!);
  const pieces: Buffer[] = [];
  for (let at = 0; at < reader.bytes; at += pieceBytes) pieces.push(await reader.read(at, pieceBytes));
  await reader.close();
  return Buffer.concat(pieces);
}

class SlowToOpen extends FakeDisk {
  opens = Promise.resolve();

  override async open(path: string, mode: "create" | "existing"): Promise<DiskFile> {
    if (mode === "existing") await this.opens;
    return super.open(path, mode);
  }
}

test.each([0, 1, snapshotChunkBytes, snapshotChunkBytes + 1, 3 * snapshotChunkBytes + 77])(
  "a snapshot of %i bytes reads back, also after a restart",
  async (bytes) => {
    const disk = new FakeDisk();
    const files = await openSnapshots(disk, directory);
    expect(files.latest()).toBeNull();
    await take(files, metaAt(7, 3), contentOf(bytes));
    for (const opened of [
      files,
      await openSnapshots(
        disk.crash(() => false),
        directory,
      ),
    ]) {
      expect(opened.latest()).toEqual(metaAt(7, 3));
      expect((await contentAt(opened)).equals(contentOf(bytes))).toBe(true);
      const reader = await opened.open(metaAt(7, 3));
      expect(reader).toMatchObject({ bytes, digest: digestOf(contentOf(bytes)) });
    }
  },
);

test("a newer snapshot takes the place of an older one, which stays readable for whoever reads it", async () => {
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, directory);
  await take(files, metaAt(9), contentOf(10));
  const reader = await files.open(metaAt(9));
  await take(files, metaAt(10, 2), contentOf(20));
  expect(disk.paths()).toEqual([pathOf(10, 2)]);
  expect(await reader.read(0, 100)).toEqual(contentOf(10));
});

test("a snapshot that is to be opened is not removed before it is open", async () => {
  const disk = new SlowToOpen();
  const files = await openSnapshots(disk, directory);
  await take(files, metaAt(9), contentOf(10));
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.opens = promise;
  const opening = files.open(metaAt(9));
  const newer = take(files, metaAt(10), contentOf(20));
  setImmediate(resolve);
  const reader = await opening;
  await newer;
  expect(await reader.read(0, 100)).toEqual(contentOf(10));
  expect(disk.paths()).toEqual([pathOf(10)]);
});

test("a snapshot that a newer one overtook is dropped", async () => {
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, directory);
  const slow = await files.create(metaAt(5));
  await take(files, metaAt(8), contentOf(20));
  await slow.commit();
  expect(files.latest()).toEqual(metaAt(8));
  expect(disk.paths()).toEqual([pathOf(8)]);
});

test.each([
  ["an index that is a path", { index: "../../x" }],
  ["a term that is a path", { term: "/../x" }],
  ["a negative index", { index: -1 }],
])("%s makes no file name", async (_, forged) => {
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, directory);
  const meta = { ...metaAt(5), ...forged } as SnapshotMeta;
  await expect(files.create(meta)).rejects.toThrow("no position of a log");
  await expect(files.receive(meta, digestOf(contentOf(3)), 3)).rejects.toThrow("no position of a log");
  await expect(files.open(meta)).rejects.toThrow("no position of a log");
  expect(disk.paths()).toEqual([]);
});

test("an aborted snapshot leaves nothing", async () => {
  const disk = new FakeDisk();
  const writer = await (await openSnapshots(disk, directory)).create(metaAt(5));
  await writer.write(contentOf(200_000));
  await writer.abort();
  expect(disk.paths()).toEqual([]);
});

test("a crash at any deed leaves the old snapshot or the new one, whole", async () => {
  const newContent = contentOf(2 * snapshotChunkBytes + 5);
  for (const survives of [() => false, () => true, alternately(2), alternately(3), alternately(5)]) {
    for (let deeds = 0, committed = false; !committed; deeds++) {
      const disk = new FakeDisk();
      const files = await openSnapshots(disk, directory);
      await take(files, metaAt(5), contentOf(10));
      disk.deedsLeft = deeds;
      committed = await take(files, metaAt(6), newContent).then(
        () => true,
        () => false,
      );
      const left = disk.crash(survives);
      const again = await openSnapshots(left, directory);
      const latest = again.latest()!;
      if (committed) expect(latest.index).toBe(6);
      expect((await contentAt(again)).equals(latest.index === 6 ? newContent : contentOf(10))).toBe(true);
      expect(left.paths()).toEqual([pathOf(latest.index)]);
    }
  }
});

test("a snapshot that a start finds stays, though the process before it ended before its sync, and the power fails later", async () => {
  for (let deeds = 0, committed = false; !committed; deeds++) {
    const disk = new FakeDisk();
    await take(await openSnapshots(disk, directory), metaAt(5), contentOf(10));
    const files = await openSnapshots(disk, directory);
    disk.deedsLeft = deeds;
    committed = await take(files, metaAt(6), contentOf(20)).then(
      () => true,
      () => false,
    );
    disk.deedsLeft = Number.POSITIVE_INFINITY;
    const found = (await openSnapshots(disk, directory)).latest();
    const left = disk.crash(() => false);
    expect((await openSnapshots(left, directory)).latest()).toEqual(found);
  }
});

test("cut at any byte, or changed in any byte, a snapshot is refused with file and offset", async () => {
  const disk = new FakeDisk();
  await take(await openSnapshots(disk, directory), metaAt(5), contentOf(100));
  const whole = disk.get(pathOf(5));
  const refused = async (bytes: Buffer) => {
    disk.put(pathOf(5), bytes);
    const reading = openSnapshots(disk, directory).then(contentAt);
    await expect(reading).rejects.toBeInstanceOf(Corruption);
    await expect(reading).rejects.toThrow(`${pathOf(5)} is corrupt at byte `);
  };
  for (let length = 0; length < whole.length; length++) await refused(whole.subarray(0, length));
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at] = changed[at]! ^ 1;
    await refused(changed);
  }
});

test("chunks that changed places are refused", async () => {
  const disk = new FakeDisk();
  const content = Buffer.concat([Buffer.alloc(snapshotChunkBytes, 1), Buffer.alloc(snapshotChunkBytes, 2)]);
  await take(await openSnapshots(disk, directory), metaAt(5), content);
  const bytes = disk.get(pathOf(5));
  const start = bytes.length - 52 - 2 * (8 + snapshotChunkBytes);
  const first = Buffer.from(bytes.subarray(start, start + 8 + snapshotChunkBytes));
  bytes.copyWithin(start, start + first.length, start + 2 * first.length);
  first.copy(bytes, start + first.length);
  const reading = openSnapshots(disk, directory).then(contentAt);
  await expect(reading).rejects.toThrow(`corrupt at byte ${start}: the snapshot's checksum does not match`);
});

test("a snapshot under another's name is refused", async () => {
  const disk = new FakeDisk();
  await take(await openSnapshots(disk, directory), metaAt(5), contentOf(100));
  disk.put(pathOf(6), disk.get(pathOf(5)));
  await expect(openSnapshots(disk, directory)).rejects.toThrow("it holds the snapshot of 0000000000000005-");
});

test("a transfer goes on where it was interrupted, by a crash as well", async () => {
  const content = contentOf(3 * snapshotChunkBytes + 9);
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, directory);
  const first = await files.receive(metaAt(5), digestOf(content), content.length);
  expect(first.offset).toBe(0);
  await first.write(0, content.subarray(0, snapshotChunkBytes + 10));
  await first.close();

  const later = await openSnapshots(
    disk.crash(() => true),
    directory,
  );
  expect(later.latest()).toBeNull();
  const second = await later.receive(metaAt(5), digestOf(content), content.length);
  expect(second.offset).toBe(snapshotChunkBytes);
  await expect(second.write(second.offset + 1, content)).rejects.toThrow(RangeError);
  for (const from of [0, second.offset - 7, 2 * snapshotChunkBytes]) {
    await second.write(from, content.subarray(from, from + snapshotChunkBytes + 20));
  }
  expect(second.offset).toBe(3 * snapshotChunkBytes + 9);
  await second.finish();
  expect(later.latest()).toEqual(metaAt(5));
  expect((await contentAt(later)).equals(content)).toBe(true);
});

test("a crash at any deed of a transfer leaves nothing that stops the next attempt", async () => {
  const content = contentOf(2 * snapshotChunkBytes + 9);
  const receiveAll = async (disk: FakeDisk) => {
    const files = await openSnapshots(disk, directory);
    const receiver = await files.receive(metaAt(5), digestOf(content), content.length);
    await receiver.write(receiver.offset, content.subarray(receiver.offset));
    await receiver.finish();
    return files;
  };
  for (const survives of [() => false, () => true, alternately(2), alternately(3), alternately(7)]) {
    for (let deeds = 0, received = false; !received; deeds++) {
      const disk = new FakeDisk();
      disk.deedsLeft = deeds;
      received = await receiveAll(disk).then(
        () => true,
        () => false,
      );
      const again = await receiveAll(disk.crash(survives));
      expect((await contentAt(again)).equals(content)).toBe(true);
    }
  }
});

test("another transfer takes the place of an unfinished one", async () => {
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, directory);
  await (await files.receive(metaAt(5), digestOf(contentOf(3)), 3)).close();
  await (await files.receive(metaAt(6), digestOf(contentOf(4)), 4)).close();
  expect(disk.paths()).toEqual([`${directory}/0000000000000006-0000000001-${digestOf(contentOf(4))}.part`]);
  await take(files, metaAt(7), contentOf(1));
  await openSnapshots(disk, directory);
  expect(disk.paths()).toEqual([pathOf(7)]);
});

test("content that is not what was announced is forgotten", async () => {
  const disk = new FakeDisk();
  const files = await openSnapshots(disk, directory);
  for (const [digest, bytes] of [
    [digestOf(contentOf(9)), 10],
    [digestOf(contentOf(10)), 11],
  ] as const) {
    const receiver = await files.receive(metaAt(5), digest, bytes);
    await receiver.write(0, contentOf(10));
    await expect(receiver.finish()).rejects.toBeInstanceOf(SnapshotMismatch);
  }
  await expect(files.receive(metaAt(5), "../../etc", 3)).rejects.toBeInstanceOf(SnapshotMismatch);
  expect(files.latest()).toBeNull();
  expect(disk.paths()).toEqual([]);
});

/** Every so many times. */
function alternately(every: number): () => boolean {
  let asked = 0;
  return () => ++asked % every === 0;
}

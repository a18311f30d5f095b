import { expect, test } from "vitest";
import { openStorage, type Storage } from "./data-dir.ts";
import { StorageError } from "./errors.ts";
import { FakeDisk } from "./test-support/fake-disk.ts";
import { hastyClock } from "./test-support/no-promises.ts";
import { entryAt, positions } from "./test-support/open-wal.ts";

const membership = { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };

function open(disk: FakeDisk): Promise<Storage> {
  const ignore = () => undefined;
  const told = { onDurable: ignore, onError: ignore, onLowSpace: ignore, onSync: ignore };
  const owner = { node: "n1", newStoreId: () => "0123456789abcdef", fsync: true, clock: hastyClock };
  return openStorage("/data", { disk, segmentBytes: 4096, nowMs: () => 0, ...owner, ...told });
}

test("a data directory gives back its snapshot, and the log behind it", async () => {
  const disk = new FakeDisk();
  const { wal, snapshots, recovered } = await open(disk);
  expect(recovered).toMatchObject({ snapshot: null, entries: [] });
  wal.append(1, { hard: { term: 1, votedFor: null }, append: [1, 2, 3].map((index) => entryAt(index, 1)) });
  const writer = await snapshots.create({ index: 2, term: 1, membership });
  await writer.write(Buffer.from("two"));
  await writer.commit();
  await wal.close();
  const again = await open(disk.crash(() => false));
  expect(again.recovered).toMatchObject({
    hard: { term: 1, votedFor: null },
    snapshot: { index: 2, term: 1, membership },
  });
  expect(positions(again.recovered.entries)).toBe("3@1");
});

test("a snapshot of a term that the log has no record of yet says that the node was in it, without a vote", async () => {
  const disk = new FakeDisk();
  const { wal, snapshots } = await open(disk);
  wal.append(1, { hard: { term: 1, votedFor: "n1" }, append: [entryAt(1, 1)] });
  await (await snapshots.create({ index: 5, term: 3, membership })).commit();
  await wal.close();
  expect((await open(disk)).recovered).toMatchObject({ hard: { term: 3, votedFor: null }, entries: [] });
  await (await (await open(disk)).snapshots.create({ index: 6, term: 1, membership })).commit();
  expect((await open(disk)).recovered.hard).toEqual({ term: 1, votedFor: "n1" });
});

test("a log of an older format is refused", async () => {
  const disk = new FakeDisk();
  disk.put("/data/wal.log", Buffer.from("KHWAL02\n"));
  await expect(open(disk)).rejects.toBeInstanceOf(StorageError);
  await expect(open(disk)).rejects.toThrow(
    "/data/wal.log is a log of an older format, which this version does not read",
  );
});

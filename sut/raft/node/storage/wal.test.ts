import { describe, expect, test } from "vitest";
import { Corruption, DiskFull, StorageError } from "./errors.ts";
import { FakeDisk } from "./test-support/fake-disk.ts";
import { directory, entryAt, noSnapshot, OpenWal, positions, settled } from "./test-support/open-wal.ts";
import type { WalRecord } from "./wal-format.ts";

const put = (index: number, term = 1, bytes = 9): WalRecord => ({ append: [entryAt(index, term, bytes)] });
const puts = (from: number, to: number, term = 1, bytes = 9) =>
  Array.from({ length: to - from + 1 }, (_, i) => put(from + i, term, bytes));
const segmentsOn = (disk: FakeDisk) => disk.paths().filter((path) => path.endsWith(".wal"));

/** Entries 1 to 30 in segments of 600 bytes, each record written by itself. */
async function longLog(disk: FakeDisk): Promise<OpenWal> {
  const log = await OpenWal.open(disk, 600);
  await log.write({ hard: { term: 1, votedFor: "n2" } });
  for (const record of puts(1, 30, 1, 40)) await log.write(record);
  return log;
}

describe("a log", () => {
  test("replays term, vote, members, entries and truncation", async () => {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk);
    expect(log.recovered).toEqual({ hard: { term: 0, votedFor: null }, entries: [], records: 0, cutBytes: 0 });
    const membership = { incoming: ["n1"], outgoing: [], learners: ["n2"], learnersNext: [], autoLeave: false };
    await log.write({ hard: { term: 1, votedFor: "n1" } });
    await log.write(put(1), put(2));
    await log.write({ hard: { term: 2, votedFor: null }, truncateFrom: 2, append: [entryAt(2, 2)] });
    await log.write({
      append: [
        { index: 3, term: 2, kind: "config", membership, bytes: 0 },
        { index: 4, term: 2, kind: "noop", bytes: 0 },
        { index: 5, term: 2, kind: "read", bytes: 0 },
      ],
    });
    await log.wal.close();
    const { hard, entries, cutBytes } = (await OpenWal.open(disk)).recovered;
    expect(hard).toEqual({ term: 2, votedFor: null });
    expect(positions(entries)).toBe("1@1 2@2 3@2 4@2 5@2");
    expect(entries[1]).toMatchObject({ kind: "command", bytes: 9 });
    expect(Buffer.from(entries[1]?.command as Uint8Array)).toEqual(Buffer.from(entryAt(2, 2).command as Uint8Array));
    expect(entries.slice(2)).toEqual([
      { index: 3, term: 2, kind: "config", membership, bytes: 0 },
      { index: 4, term: 2, kind: "noop", bytes: 0 },
      { index: 5, term: 2, kind: "read", bytes: 0 },
    ]);
    expect(cutBytes).toBe(0);
  });

  test("what arrives in a turn becomes one write, so does what arrives during that, and both are named in order", async () => {
    const log = await OpenWal.open(new FakeDisk());
    const first = log.write(...puts(1, 2));
    await null;
    await Promise.all([first, log.write(...puts(3, 5))]);
    expect(log.durable).toEqual([2, 5]);
  });

  test("large writes that wait are split, and all become durable", async () => {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk, 1024 * 1024);
    await log.write(...puts(1, 11, 1, 1_000_000));
    expect(log.durable).toEqual([4, 8, 11]);
    expect((await OpenWal.open(disk)).recovered.entries).toHaveLength(11);
  });

  test("goes on behind a torn write that it cut", async () => {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk);
    await log.write(put(1));
    const path = segmentsOn(disk)[0]!;
    const before = Buffer.from(disk.get(path));
    await log.write(put(2, 1, 2000));
    // Its beginning is missing.
    before.copy(disk.get(path), 0, 0, 512);
    const second = await OpenWal.open(disk);
    expect(second.recovered.cutBytes).toBeGreaterThan(1500);
    expect(disk.get(path).equals(before)).toBe(true);
    await second.write(put(2, 3));
    expect(positions((await OpenWal.open(disk)).recovered.entries)).toBe("1@1 2@3");
  });
});

describe("segments", () => {
  test("are filled one after another, and read as one log", async () => {
    const disk = new FakeDisk();
    await longLog(disk);
    expect(segmentsOn(disk).length).toBeGreaterThan(3);
    expect(segmentsOn(disk).slice(0, 2)).toEqual([
      `${directory}/0000000001-0000000000000001.wal`,
      `${directory}/0000000002-0000000000000007.wal`,
    ]);
    const again = await OpenWal.open(disk, 600);
    expect(again.recovered.entries).toHaveLength(30);
    expect(again.recovered.hard).toEqual({ term: 1, votedFor: "n2" });
    for (const record of puts(31, 40)) await again.write(record);
    expect((await OpenWal.open(disk, 600)).recovered.entries).toHaveLength(40);
  });

  test("are made ahead of need, and the one that is not used goes when the log is closed", async () => {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk, 1000);
    await log.write(put(1, 1, 600));
    await settled();
    expect(disk.get(`${directory}/next.tmp`).equals(Buffer.alloc(1000))).toBe(true);
    await log.wal.close();
    expect(disk.paths()).toEqual(segmentsOn(disk));
  });

  test("one that a crash left unfinished is no part of the log", async () => {
    const disk = new FakeDisk();
    await longLog(disk);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(600), Buffer.from(disk.get(segmentsOn(disk)[1]!))]) {
      disk.put(`${directory}/next.tmp`, bytes);
      expect((await OpenWal.open(disk, 600)).recovered.entries).toHaveLength(30);
      expect(disk.paths()).toEqual(segmentsOn(disk));
    }
  });

  test("compaction drops those whose entries a snapshot has, and keeps term and vote (§3.8)", async () => {
    const disk = new FakeDisk();
    const log = await longLog(disk);
    const all = segmentsOn(disk);
    await log.wal.compact(5);
    expect(segmentsOn(disk)).toEqual(all);
    await log.wal.compact(6);
    expect(segmentsOn(disk)).toEqual(all.slice(1));
    await log.wal.compact(30);
    expect(segmentsOn(disk)).toEqual(all.slice(-1));
    await log.wal.close();
    const again = await OpenWal.open(disk, 600, { index: 30, term: 1 });
    expect(again.recovered).toMatchObject({ hard: { term: 1, votedFor: "n2" }, entries: [] });
    await again.write(put(31));
    expect(positions((await OpenWal.open(disk, 600, { index: 30, term: 1 })).recovered.entries)).toBe("31@1");
  });

  test("what a snapshot has is dropped at the start, and its segments with it", async () => {
    const disk = new FakeDisk();
    await longLog(disk);
    const { recovered } = await OpenWal.open(disk, 600, { index: 27, term: 1 });
    expect(positions(recovered.entries)).toBe("28@1 29@1 30@1");
    expect(segmentsOn(disk)[0]).toBe(`${directory}/0000000005-0000000000000025.wal`);
  });

  test("the next goes on behind what a truncation left, with that entry's own term", async () => {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk, 600);
    await log.write(...puts(1, 4), ...puts(5, 6, 2));
    await log.write({ truncateFrom: 5 });
    await log.write(put(5, 3, 500));
    await log.wal.compact(4);
    expect(segmentsOn(disk)).toEqual([`${directory}/0000000002-0000000000000005.wal`]);
    expect(positions((await OpenWal.open(disk, 600, { index: 4, term: 1 })).recovered.entries)).toBe("5@3");
  });

  test("an entry that was truncated does not keep a segment's beginning from being found", async () => {
    const disk = new FakeDisk();
    const log = await longLog(disk);
    await log.write({ hard: { term: 2, votedFor: null }, truncateFrom: 22, append: [entryAt(22, 2)] });
    for (const record of puts(23, 40, 2, 40)) await log.write(record);
    for (const index of [24, 25, 29, 31, 35]) {
      const copy = disk.copy();
      const { recovered } = await OpenWal.open(copy, 600, { index, term: 2 });
      expect(positions(recovered.entries)).toBe(positions(puts(index + 1, 40, 2).flatMap(({ append }) => append!)));
    }
  });
});

describe("a snapshot from a leader", () => {
  const base = { index: 100, term: 5 };

  test("begins the log anew, and all before it can go", async () => {
    const disk = new FakeDisk();
    const log = await longLog(disk);
    await log.write(put(31), { base, hard: { term: 5, votedFor: null } }, { append: [entryAt(101, 5)] });
    expect(log.durable.slice(-2)).toEqual([32, 34]);
    await log.wal.compact(100);
    expect(segmentsOn(disk)).toHaveLength(1);
    const { recovered } = await OpenWal.open(disk, 600, base);
    expect(recovered.hard).toEqual({ term: 5, votedFor: null });
    expect(positions(recovered.entries)).toBe("101@5");
  });

  test.each([
    ["that the log ends before", base],
    ["that the log has another entry for", { index: 20, term: 5 }],
  ])("%s voids the log, when a crash came between", async (_, snapshot) => {
    const disk = new FakeDisk();
    await longLog(disk);
    const log = await OpenWal.open(disk, 600, snapshot);
    expect(log.recovered).toMatchObject({ hard: { term: 1, votedFor: "n2" }, entries: [] });
    await log.write(put(snapshot.index + 1, 6));
    const { recovered } = await OpenWal.open(disk, 600, snapshot);
    expect(positions(recovered.entries)).toBe(`${snapshot.index + 1}@6`);
  });

  test("that is gone is missed", async () => {
    const disk = new FakeDisk();
    const log = await longLog(disk);
    await log.write({ base, append: [entryAt(101, 5)] });
    await expect(OpenWal.open(disk, 600)).rejects.toThrow(
      `the log in ${directory} begins with entry 101, but there is no snapshot: what the node promised may be lost`,
    );
    await expect(OpenWal.open(disk, 600, { index: 30, term: 1 })).rejects.toThrow(
      "begins with entry 101, but the latest snapshot ends with entry 30",
    );
    await log.wal.compact(100);
    await expect(OpenWal.open(disk, 600)).rejects.toBeInstanceOf(StorageError);
  });

  test("without any log is refused: term and vote are lost", async () => {
    await expect(OpenWal.open(new FakeDisk(), 600, base)).rejects.toThrow(
      `the log in ${directory} is gone, but the latest snapshot ends with entry 100`,
    );
  });
});

describe("damage to several segments is refused", () => {
  const damaged = async (damage: (disk: FakeDisk, paths: string[]) => void) => {
    const disk = new FakeDisk();
    await longLog(disk);
    damage(disk, segmentsOn(disk));
    return OpenWal.open(disk, 600);
  };

  test("one is missing in the middle", async () => {
    await expect(damaged((disk, paths) => disk.delete(paths[2]!))).rejects.toThrow(
      `the log in ${directory} is incomplete: segment 3 is missing before 0000000004-`,
    );
  });

  test("the first is missing", async () => {
    await expect(damaged((disk, paths) => disk.delete(paths[0]!))).rejects.toThrow(
      "begins with entry 7, but there is no snapshot",
    );
  });

  test("two changed places", async () => {
    const swapped = damaged((disk, paths) => {
      const one = disk.get(paths[1]!);
      disk.put(paths[1]!, disk.get(paths[2]!));
      disk.put(paths[2]!, one);
    });
    await expect(swapped).rejects.toThrow(/0000000002-\d+\.wal is corrupt at byte 0: it is segment 3 of a log/);
  });

  test("one comes from another log", async () => {
    const other = new FakeDisk();
    const log = await OpenWal.open(other, 600);
    for (const record of puts(1, 30, 1, 40)) await log.write(record);
    const mixed = damaged((disk, paths) => disk.put(paths[1]!, other.get(paths[1]!)));
    await expect(mixed).rejects.toThrow("it does not follow the segment before it");
  });

  test("records at the end of one that is not the last are gone, as a torn write would be", async () => {
    for (const zerosFrom of [100, 300, 350, 400]) {
      const cut = damaged((disk, paths) => disk.get(paths[1]!).fill(0, zerosFrom));
      await expect(cut).rejects.toBeInstanceOf(Corruption);
    }
  });

  test("one has the name of other entries", async () => {
    const renamed = damaged((disk, paths) => {
      disk.put(`${directory}/0000000001-0000000000000000.wal`, disk.get(paths[0]!));
      disk.delete(paths[0]!);
    });
    await expect(renamed).rejects.toThrow("it goes on with entry 1, but its name says 0");
  });
});

describe("a disk that is full", () => {
  test("stops the log only when the present segment is full; nothing acknowledged is lost, and it starts again", async () => {
    const disk = new FakeDisk();
    disk.room = 1500;
    const log = await OpenWal.open(disk, 1000);
    let acknowledged = 0;
    while (await log.write(put(acknowledged + 1, 1, 100))) acknowledged++;
    expect(acknowledged).toBe(6);
    expect(log.lowSpace).toHaveLength(1);
    expect(log.errors).toHaveLength(1);
    expect(log.errors[0]).toBeInstanceOf(DiskFull);
    expect(log.errors[0]!.message).toBe(
      `the disk is full (ENOSPC): no room for 1000 more bytes of ${directory}/next.tmp. ` +
        "Make room and start the node again; nothing that it acknowledged is lost",
    );
    expect(disk.paths()).toEqual(segmentsOn(disk));

    disk.room = 1000;
    const still = await OpenWal.open(disk, 1000);
    expect(still.recovered.entries).toHaveLength(6);
    expect(await still.write(put(7, 1, 100))).toBe(false);
    disk.room = 2500;
    const later = await OpenWal.open(disk, 1000);
    expect(later.recovered.entries).toHaveLength(6);
    expect(await later.write(put(7, 1, 100))).toBe(true);
    expect((await OpenWal.open(disk, 1000)).recovered.entries).toHaveLength(7);
  });

  test("has no room for a new log: said at once", async () => {
    const disk = new FakeDisk();
    disk.room = 500;
    await expect(OpenWal.open(disk, 1000)).rejects.toBeInstanceOf(DiskFull);
    disk.room = 1000;
    expect(await (await OpenWal.open(disk, 1000)).write(put(1))).toBe(true);
  });

  test("has no room for a record larger than a segment", async () => {
    const disk = new FakeDisk();
    disk.room = 2000;
    const log = await OpenWal.open(disk, 1000);
    await log.write(put(1));
    expect(await log.write(put(2, 1, 5000))).toBe(false);
    expect(log.errors[0]).toBeInstanceOf(DiskFull);
    expect(positions((await OpenWal.open(disk, 1000)).recovered.entries)).toBe("1@1");
  });
});

test("after any failed deed there is no other, and nothing more is called durable", async () => {
  for (let deeds = 0, failed = true; failed; deeds++) {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk, 600);
    disk.deedsLeft = deeds;
    let acknowledged = 0;
    while (acknowledged < 20 && (await log.write(put(acknowledged + 1, 1, 40)))) acknowledged++;
    failed = acknowledged < 20;
    disk.deedsLeft = Number.POSITIVE_INFINITY;
    if (!failed) break;
    expect(log.errors).toHaveLength(1);
    expect(log.errors[0]).toBeInstanceOf(StorageError);
    const left = disk.copy();
    log.wal.append(100, put(acknowledged + 1));
    await settled();
    expect(log.durable).toHaveLength(acknowledged);
    const { recovered } = await OpenWal.open(left, 600, noSnapshot);
    expect(recovered.entries.length).toBeGreaterThanOrEqual(acknowledged);
  }
});

test("what a start finds stays, though the process before it ended before its sync, and the power fails later", async () => {
  for (let deeds = 0, failed = true; failed; deeds++) {
    const disk = new FakeDisk();
    const log = await OpenWal.open(disk, 600);
    disk.deedsLeft = deeds;
    let written = 0;
    while (written < 20 && (await log.write(put(written + 1, 1, 40)))) written++;
    failed = written < 20;
    disk.deedsLeft = Number.POSITIVE_INFINITY;
    const found = (await OpenWal.open(disk, 600)).recovered.entries;
    const left = await OpenWal.open(
      disk.crash(() => false),
      600,
    );
    expect(positions(left.recovered.entries)).toBe(positions(found));
  }
});

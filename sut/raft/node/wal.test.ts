import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ChunkedReader } from "./chunked-reader.ts";
import { Wal } from "./wal.ts";
import { encodeRecord, magic, type WalRecord } from "./wal-format.ts";
import { type Recovered, recover, StorageError, WalCorruption } from "./wal-recovery.ts";

const put = (index: number, term: number): WalRecord => ({
  append: [{ index, term, kind: "command", command: { type: "put", key: "k", value: index }, bytes: 9 }],
});
const records: WalRecord[] = [
  { hard: { term: 1, votedFor: "n1" } },
  put(1, 1),
  put(2, 1),
  { hard: { term: 2, votedFor: null }, truncateFrom: 2, ...put(2, 2) },
  put(3, 2),
];
const parts = [magic, ...records.map((record) => encodeRecord([record]))];
const file = Buffer.concat(parts);
/** Where each record ends. */
const ends = parts.map((_, i) => Buffer.concat(parts.slice(0, i + 1)).length);

function recovering(bytes: Buffer, name: string, chunkBytes = 4096): Promise<Recovered> {
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return recover(new ChunkedReader({ bytes: bytes.length, read }, chunkBytes), name);
}

describe("recovery", () => {
  test("replays term, vote, entries and truncation", async () => {
    const { hard, entries, goodBytes } = await recovering(file, "wal");
    expect(hard).toEqual({ term: 2, votedFor: null });
    expect(entries.map(({ index, term }) => [index, term])).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
    expect(entries[2]).toMatchObject({ command: { type: "put", key: "k", value: 3 }, bytes: 9 });
    expect(goodBytes).toBe(file.length);
  });

  test("cut at any byte, the log is that of the whole records before the cut", async () => {
    for (let length = 0; length <= file.length; length++) {
      const whole = ends.filter((end) => end <= length).length - 1;
      const recovered = await recovering(file.subarray(0, length), "wal");
      expect(recovered.records, `cut at ${length}`).toBe(Math.max(0, whole));
      expect(recovered.goodBytes).toBe(ends[whole] ?? 0);
    }
  });

  test("what a crash left unwritten reads as zeros, and is cut too", async () => {
    const lastStart = ends.at(-2) ?? 0;
    for (let length = lastStart; length < file.length; length++) {
      const grown = Buffer.concat([file.subarray(0, length), Buffer.alloc(file.length - length)]);
      expect((await recovering(grown, "wal")).goodBytes, `cut at ${length}`).toBe(lastStart);
    }
    expect((await recovering(Buffer.concat([file, Buffer.alloc(4096)]), "wal")).goodBytes).toBe(file.length);
  });

  test("any flipped bit before the last record is refused, with file and offset", async () => {
    const lastStart = ends.at(-2) ?? 0;
    for (let at = 0; at < lastStart; at++) {
      for (const bit of [0, 7]) {
        const damaged = Buffer.from(file);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const start = ends.findLast((end) => end <= at) ?? 0;
        await expect(recovering(damaged, "/data/wal.log"), `byte ${at}`).rejects.toThrow(WalCorruption);
        await expect(recovering(damaged, "/data/wal.log")).rejects.toThrow(`/data/wal.log is corrupt at byte ${start}`);
      }
    }
  });

  test("a flipped bit in a last record that was written to its end is refused: it may have been promised", async () => {
    const lastStart = ends.at(-2) ?? 0;
    for (let at = lastStart; at < file.length - 1; at++) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      await expect(recovering(damaged, "wal"), `byte ${at}`).rejects.toThrow(WalCorruption);
    }
  });

  test.each([1, 7, 13, 64, 4096])("reads the same in chunks of %i bytes", async (chunkBytes) => {
    const grown = Buffer.concat([file, Buffer.alloc(100)]);
    expect(await recovering(grown, "wal", chunkBytes)).toEqual(await recovering(file, "wal"));
  });

  test("only a file too short for a record may be a log that a crash left unmade", async () => {
    for (const start of [
      Buffer.alloc(8),
      Buffer.concat([magic.subarray(0, 3), Buffer.alloc(5)]),
      magic.subarray(0, 5),
    ]) {
      expect(await recovering(start, "wal")).toMatchObject({ entries: [], goodBytes: 0 });
    }
    for (const damaged of [Buffer.alloc(9), Buffer.alloc(10_000), Buffer.from("short")]) {
      await expect(recovering(damaged, "wal")).rejects.toThrow("wal is corrupt at byte 0: it does not begin as a log");
    }
  });

  test("a file of something else is refused", async () => {
    await expect(recovering(Buffer.from("something else"), "wal")).rejects.toThrow("does not begin as a log");
  });
});

describe("the log on disk", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "keelhaul-wal-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function open(
    onDurable: (io: number) => void = () => undefined,
    onError: (cause: Error) => void = () => undefined,
  ) {
    return openIn(join(directory, "new", "data"), onDurable, onError);
  }

  function openIn(
    dataDir: string,
    onDurable: (io: number) => void = () => undefined,
    onError: (cause: Error) => void = () => undefined,
  ) {
    return Wal.open({ dataDir, fsync: true, onDurable, onError, onSync: () => undefined, nowMs: () => 0 });
  }

  test("what arrives during a write becomes one write, and is named when durable, in order", async () => {
    const durable: number[] = [];
    const { wal } = await open((io) => durable.push(io));
    for (const [i, record] of records.entries()) wal.append(i + 1, record);
    await wal.close();
    expect(durable).toEqual([1, 5]);
    const again = await open();
    expect(again.recovered.entries).toHaveLength(3);
    expect(again.recovered.records).toBe(2);
    await again.wal.close();
  });

  test("goes on behind a torn tail that it cut", async () => {
    const first = await open();
    first.wal.append(1, put(1, 1));
    await first.wal.close();
    const path = join(directory, "new", "data", "wal.log");
    await writeFile(path, Buffer.concat([await readFile(path), encodeRecord([put(2, 1)]).subarray(0, 20)]));
    const second = await open();
    expect(second.cutBytes).toBe(20);
    second.wal.append(1, put(2, 3));
    await second.wal.close();
    const third = await open();
    expect(third.recovered.entries.map(({ term }) => term)).toEqual([1, 3]);
    await third.wal.close();
  });

  test("a relative data directory of one letter is made where the process stands", async () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      const { wal } = await openIn("d");
      await wal.close();
    } finally {
      process.chdir(before);
    }
    expect(await readFile(join(directory, "d", "wal.log"))).toEqual(magic);
  });

  test("a log that cannot be opened is named, with what the disk said", async () => {
    await mkdir(join(directory, "d", "wal.log"), { recursive: true });
    const opening = openIn(join(directory, "d"));
    await expect(opening).rejects.toBeInstanceOf(StorageError);
    await expect(opening).rejects.toThrow(/^the log .*\/d\/wal\.log cannot be opened: EISDIR/);
  });

  test("large writes that wait are split, and all become durable", async () => {
    const durable: number[] = [];
    const { wal } = await open((io) => durable.push(io));
    const large = (index: number): WalRecord => ({
      append: [{ index, term: 1, kind: "command", command: "x".repeat(1_000_000), bytes: 1_000_000 }],
    });
    for (let index = 1; index <= 11; index++) wal.append(index, large(index));
    await wal.close();
    expect(durable).toEqual([1, 5, 9, 11]);
    const again = await open();
    expect(again.recovered.entries).toHaveLength(11);
    await again.wal.close();
  });

  test("a failing disk is reported once, and nothing more is called durable", async () => {
    const durable: number[] = [];
    const failed = new Promise<Error>((resolve) => {
      void open((io) => durable.push(io), resolve).then(async ({ wal }) => {
        await wal.close();
        wal.append(1, put(1, 1));
        wal.append(2, put(2, 1));
      });
    });
    expect(await failed).toBeInstanceOf(Error);
    expect(durable).toEqual([]);
  });
});

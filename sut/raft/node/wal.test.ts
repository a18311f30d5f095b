import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Wal } from "./wal.ts";
import { encodeRecord, magic, type WalRecord } from "./wal-format.ts";
import { recover, WalCorruption } from "./wal-recovery.ts";

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

describe("recovery", () => {
  test("replays term, vote, entries and truncation", () => {
    const { hard, entries, goodBytes } = recover(file, "wal");
    expect(hard).toEqual({ term: 2, votedFor: null });
    expect(entries.map(({ index, term }) => [index, term])).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
    expect(entries[2]).toMatchObject({ command: { type: "put", key: "k", value: 3 }, bytes: 9 });
    expect(goodBytes).toBe(file.length);
  });

  test("cut at any byte, the log is that of the whole records before the cut", () => {
    for (let length = 0; length <= file.length; length++) {
      const whole = ends.filter((end) => end <= length).length - 1;
      const recovered = recover(file.subarray(0, length), "wal");
      expect(recovered.records, `cut at ${length}`).toBe(Math.max(0, whole));
      expect(recovered.goodBytes).toBe(ends[whole] ?? 0);
    }
  });

  test("what a crash left unwritten reads as zeros, and is cut too", () => {
    const lastStart = ends.at(-2) ?? 0;
    for (let length = lastStart; length < file.length; length++) {
      const grown = Buffer.concat([file.subarray(0, length), Buffer.alloc(file.length - length)]);
      expect(recover(grown, "wal").goodBytes, `cut at ${length}`).toBe(lastStart);
    }
    expect(recover(Buffer.concat([file, Buffer.alloc(4096)]), "wal").goodBytes).toBe(file.length);
  });

  test("any flipped bit before the last record is refused, with file and offset", () => {
    const lastStart = ends.at(-2) ?? 0;
    for (let at = 0; at < lastStart; at++) {
      for (const bit of [0, 7]) {
        const damaged = Buffer.from(file);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const start = ends.findLast((end) => end <= at) ?? 0;
        expect(() => recover(damaged, "/data/wal.log"), `byte ${at}`).toThrow(WalCorruption);
        expect(() => recover(damaged, "/data/wal.log")).toThrow(`/data/wal.log is corrupt at byte ${start}`);
      }
    }
  });

  test("a flipped bit in a last record that was written to its end is refused: it may have been promised", () => {
    const lastStart = ends.at(-2) ?? 0;
    for (let at = lastStart; at < file.length - 1; at++) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(() => recover(damaged, "wal"), `byte ${at}`).toThrow(WalCorruption);
    }
  });

  test("a file of something else is refused", () => {
    expect(() => recover(Buffer.from("something else"), "wal")).toThrow("does not begin as a log");
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
    const dataDir = join(directory, "new", "data");
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

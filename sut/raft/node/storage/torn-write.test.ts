import { describe, expect, test } from "vitest";
import { Corruption } from "./errors.ts";
import { recordHeaderBytes, recordStart, sectorBytes, segmentHeaderBytes } from "./segment-format.ts";
import { FakeDisk } from "./test-support/fake-disk.ts";
import { noPromises } from "./test-support/no-promises.ts";
import { directory, entryAt, noSnapshot, OpenWal } from "./test-support/open-wal.ts";
import type { WalRecord } from "./wal-format.ts";
import { recoverWal } from "./wal-recovery.ts";

/** A log of one segment, and where its records end: the opening first. */
interface OneSegment {
  readonly path: string;
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

async function segmentOf(records: readonly WalRecord[], segmentBytes = 2048): Promise<OneSegment> {
  const disk = new FakeDisk();
  const log = await OpenWal.open(disk, segmentBytes);
  const path = disk.paths()[0]!;
  const endNow = () => disk.get(path).findLastIndex((byte) => byte !== 0) + 1;
  const ends = [endNow()];
  for (const record of records) {
    await log.write(record);
    ends.push(endNow());
  }
  return { path, bytes: Buffer.from(disk.get(path)), ends };
}

async function recovering(path: string, bytes: Buffer) {
  const disk = new FakeDisk();
  disk.put(path, bytes);
  return (await recoverWal(disk, directory, noPromises, noSnapshot))!;
}

const put = (index: number, bytes?: number): WalRecord => ({ append: [entryAt(index, 1, bytes)] });
/** A command with more than a sector of nothing but zeros inside. */
const hollow = (index: number): WalRecord => {
  const command = Buffer.concat([Buffer.alloc(700, 1), Buffer.alloc(1500), Buffer.alloc(300, 1)]);
  return { append: [{ index, term: 1, kind: "command", command, bytes: command.length }] };
};
const small: readonly WalRecord[] = [
  { hard: { term: 1, votedFor: "n1" } },
  put(1),
  put(2, 600),
  { hard: { term: 2, votedFor: null }, truncateFrom: 2, append: [entryAt(2, 2)] },
  put(3, 40),
];

describe("what a crash may leave is cut off", () => {
  const wholeAt = ({ ends }: OneSegment, length: number) => ends.filter((end) => end <= length).length;

  test("with zeros from any byte on, the log is that of the whole records before them", async () => {
    const segment = await segmentOf(small);
    for (let length = segment.ends[0]!; length <= segment.bytes.length; length++) {
      const bytes = Buffer.concat([segment.bytes.subarray(0, length), Buffer.alloc(segment.bytes.length - length)]);
      const { records, end } = await recovering(segment.path, bytes);
      expect(records, `zeros from ${length}`).toBe(wholeAt(segment, length));
      expect(end.end.offset).toBe(recordStart(segment.ends[records - 1]!));
    }
  });

  test.each([
    ["a command", put(3, 2500)],
    ["one that has sectors of zeros", hollow(3)],
  ])("any of the sectors of the last record may be missing: %s", async (_, last) => {
    for (const before of [0, 400, 480, 495]) {
      const { path, bytes, ends } = await segmentOf([put(1), put(2, before), last], 8192);
      const start = recordStart(ends[2]!);
      const sectors = sectorsOf(start, ends[3]!).filter(([from, to]) =>
        bytes.subarray(from, to).some((byte) => byte !== 0),
      );
      for (let missing = 0; missing < 1 << sectors.length; missing++) {
        const left = Buffer.from(bytes);
        for (const [place, [from, to]] of sectors.entries()) if ((missing >> place) & 1) left.fill(0, from, to);
        const { records, end } = await recovering(path, left);
        expect(records, `sectors ${missing.toString(2)} missing`).toBe(missing === 0 ? 4 : 3);
        expect(end.zerosFrom).toBe(Math.max(end.end.offset, left.findLastIndex((byte) => byte !== 0) + 1));
      }
    }
  });

  test("the sector of the header may be missing, or only those behind it, wherever the record begins", async () => {
    for (let before = 300; before < 300 + sectorBytes; before++) {
      const { path, bytes, ends } = await segmentOf([put(1, before), put(2, 600)]);
      const start = recordStart(ends[1]!);
      for (const [from, to] of sectorsOf(start, ends[2]!)) {
        const left = Buffer.from(bytes).fill(0, from, to);
        expect((await recovering(path, left)).records, `${before} bytes before, ${from} to ${to} missing`).toBe(2);
      }
    }
  });
});

describe("what no crash can leave is refused, with file and offset", () => {
  test("a file that is shorter or longer than it was made, by any number of bytes", async () => {
    const { path, bytes } = await segmentOf(small);
    for (let length = segmentHeaderBytes; length < bytes.length; length++) {
      await expect(recovering(path, bytes.subarray(0, length))).rejects.toThrow(
        `${path} is corrupt at byte ${length}: it has ${length} bytes, but was made with 2048`,
      );
    }
    await expect(recovering(path, Buffer.concat([bytes, Buffer.alloc(1)]))).rejects.toThrow(
      `${path} is corrupt at byte 2048: it has 2049 bytes, but was made with 2048`,
    );
  });

  test("any changed byte of any record", async () => {
    const { path, bytes, ends } = await segmentOf(small);
    const boundaries = [0, segmentHeaderBytes, ...ends, ...ends.map(recordStart)].sort((one, other) => one - other);
    for (let at = 0; at < ends.at(-1)!; at++) {
      for (const bit of [0, 3, 7]) {
        const damaged = Buffer.from(bytes);
        damaged[at] = damaged[at]! ^ (1 << bit);
        const recovery = recovering(path, damaged);
        await expect(recovery, `byte ${at}`).rejects.toBeInstanceOf(Corruption);
        const start = boundaries.findLast((boundary) => boundary <= at);
        await expect(recovery, `byte ${at}`).rejects.toThrow(`${path} is corrupt at byte ${start}: `);
      }
    }
  });

  test("a changed byte behind the last record, if it stands where a record's header would have reached the disk with it", async () => {
    const { path, bytes, ends } = await segmentOf(small, 2048);
    for (let at = ends.at(-1)!; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = 0x4b;
      const end = recordStart(ends.at(-1)!);
      const inItsSector = at >= end + recordHeaderBytes && at < end - (end % sectorBytes) + sectorBytes;
      const recovery = recovering(path, damaged);
      if (inItsSector) await expect(recovery, `byte ${at}`).rejects.toBeInstanceOf(Corruption);
      else expect((await recovery).records, `byte ${at}`).toBe(small.length + 1);
    }
  });

  test("a changed byte of a record that has sectors of zeros", async () => {
    const { path, bytes, ends } = await segmentOf([put(1), hollow(2)], 4096);
    for (const at of [recordStart(ends[1]!) + 30, ends[2]! - 800, ends[2]! - 2, ends[2]! - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 1;
      await expect(recovering(path, damaged), `byte ${at}`).rejects.toBeInstanceOf(Corruption);
    }
  });

  test("zeros in the place of any sectors of a record before the last", async () => {
    const { path, bytes, ends } = await segmentOf([put(1), put(2, 1800), put(3), put(4, 700), put(5)], 8192);
    for (const [place, end] of ends.slice(0, -2).entries()) {
      const sectors = sectorsOf(recordStart(end), ends[place + 1]!);
      for (let missing = 1; missing < 1 << sectors.length; missing++) {
        const damaged = Buffer.from(bytes);
        for (const [at, [from, to]] of sectors.entries()) if ((missing >> at) & 1) damaged.fill(0, from, to);
        await expect(recovering(path, damaged)).rejects.toThrow(`${path} is corrupt at byte ${recordStart(end)}: `);
      }
    }
  });

  test("a record that stands in another's place", async () => {
    const { path, bytes, ends } = await segmentOf([put(1), put(2), put(3)]);
    const damaged = Buffer.from(bytes);
    bytes.copy(damaged, recordStart(ends[1]!), recordStart(ends[0]!), ends[1]!);
    await expect(recovering(path, damaged)).rejects.toBeInstanceOf(Corruption);
  });

  test("a beginning that is cut short: a segment is named only when its beginning is durable", async () => {
    const { path, bytes, ends } = await segmentOf([]);
    for (let length = 0; length < ends[0]!; length++) {
      await expect(recovering(path, bytes.subarray(0, length)), `${length}`).rejects.toBeInstanceOf(Corruption);
    }
  });

  test("a file of something else", async () => {
    const { path } = await segmentOf([]);
    await expect(recovering(path, Buffer.from("something else, and long enough"))).rejects.toThrow(
      `${path} is corrupt at byte 0: it does not begin like a log segment of this format`,
    );
  });
});

/** The parts of sectors between two places of a file. */
function sectorsOf(start: number, end: number): [from: number, to: number][] {
  const sectors: [number, number][] = [];
  for (let from = start; from < end; ) {
    const to = Math.min(end, from - (from % sectorBytes) + sectorBytes);
    sectors.push([from, to]);
    from = to;
  }
  return sectors;
}

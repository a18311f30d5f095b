import fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../../../random/stream.ts";
import { changeBack, flipBits } from "./damage.ts";
import { MemoryFile } from "./memory-file.ts";
import { MemoryFiles } from "./memory-files.ts";

const sector = 512;

/** A file by two whole copies: as it was last synced, and as it is. */
class ObviousFile {
  durable = Buffer.alloc(0);
  bytes = Buffer.alloc(0);

  write(bytes: Uint8Array, offset: number): void {
    const left = Buffer.alloc(Math.max(this.bytes.length, offset + bytes.length));
    this.bytes.copy(left);
    left.set(bytes, offset);
    this.bytes = left;
  }

  sync(): void {
    this.durable = Buffer.from(this.bytes);
  }
}

const deeds = fc.array(
  fc.oneof(
    fc.record({ offset: fc.nat(3000), bytes: fc.uint8Array({ minLength: 1, maxLength: 1200 }) }),
    fc.constant("sync" as const),
  ),
);

test("whatever survives a crash, each sector is as it was synced or as it was written, and what was synced is there", () => {
  fc.assert(
    fc.property(deeds, fc.array(fc.boolean(), { minLength: 1 }), (done, survivals) => {
      const file = new MemoryFile();
      const obvious = new ObviousFile();
      for (const deed of done) {
        for (const one of [file, obvious]) {
          if (deed === "sync") one.sync();
          else one.write(deed.bytes, deed.offset);
        }
      }
      expect(file.bytes).toEqual(obvious.bytes);
      let asked = 0;
      const left = file.afterCrash(() => survivals[asked++ % survivals.length]!).bytes;
      expect([obvious.durable.length, obvious.bytes.length]).toContain(left.length);
      for (let at = 0; at < left.length; at += sector) {
        const part = (bytes: Buffer) => Buffer.concat([bytes.subarray(at, at + sector), Buffer.alloc(sector)]);
        const now = part(left).subarray(0, left.length - at);
        const candidates = [obvious.durable, obvious.bytes].map((bytes) => part(bytes).subarray(0, left.length - at));
        expect(candidates.some((candidate) => candidate.subarray(0, sector).equals(now.subarray(0, sector)))).toBe(
          true,
        );
      }
    }),
  );
});

test("when nothing survives that was not synced, the file is as it was synced; when all does, as it was written", () => {
  fc.assert(
    fc.property(deeds, (done) => {
      const file = new MemoryFile();
      const obvious = new ObviousFile();
      for (const deed of done) {
        for (const one of [file, obvious]) {
          if (deed === "sync") one.sync();
          else one.write(deed.bytes, deed.offset);
        }
      }
      expect(file.afterCrash(() => false).bytes).toEqual(obvious.durable);
      expect(file.afterCrash(() => true).bytes).toEqual(obvious.bytes);
    }),
  );
});

test("names that were not synced may be gone after a crash, and those that were are there", () => {
  const files = new MemoryFiles();
  files.create("/d/old");
  files.syncDirectory("/d");
  files.rename("/d/old", "/d/new");
  files.create("/e/other");
  expect(files.list("/d")).toEqual(["new"]);
  expect(files.unsynced()).toMatchObject({ changes: 2 });
  expect(files.afterCrash(() => false).paths()).toEqual(["/d/old"]);
  expect(files.afterCrash(() => true).paths()).toEqual(["/d/new", "/e/other"]);
});

test("a disk without room takes what fits, and says which file it has no room for", () => {
  const files = new MemoryFiles();
  files.room = 1000;
  const file = files.create("/d/f");
  expect(() => files.write("/d/f", file, Buffer.alloc(1001), 0)).toThrow(/the disk is full .* of \/d\/f/);
  expect(file.length).toBe(1000);
  files.write("/d/f", file, Buffer.alloc(500), 500);
});

test("bits are flipped where something was written, each once, and are as they were when flipped back", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.nat(20), fc.nat(), (contents, count, seed) => {
      const files = new MemoryFiles();
      for (const [place, content] of contents.entries()) {
        files.put(`/d/${place}`, Buffer.concat([content, Buffer.alloc(10)]));
      }
      const bytesOf = () => files.paths().map((path) => Buffer.from(files.open(path).bytes));
      const [before, written] = [bytesOf(), contents.map((content) => content.filter((byte) => byte !== 0).length)];
      const flipped = flipBits(files, count, randomStream(seed, "test"));
      const differ = bytesOf().map((bytes, file) =>
        [...bytes].flatMap((byte, at) => (byte === before[file]![at] ? [] : [at])),
      );
      expect(differ.flat()).toHaveLength(flipped.length);
      expect(flipped).toHaveLength(
        Math.min(
          count,
          written.reduce((sum, bytes) => sum + bytes, 0),
        ),
      );
      for (const [file, places] of differ.entries()) {
        expect(places.every((at) => before[file]![at] !== 0)).toBe(true);
      }
      expect(changeBack(files, flipped)).toBe(flipped.length);
      expect(bytesOf()).toEqual(before);
    }),
  );
});

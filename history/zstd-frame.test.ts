import { zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { randomStream } from "../random/stream.ts";
import { zstdFrames } from "./zstd-frame.ts";

const random = randomStream(1, "bytes");
const noise = (length: number) => Buffer.from(Array.from({ length }, () => random.integer(0, 255)));

test.each([
  ["nothing", Buffer.alloc(0)],
  ["one block", Buffer.alloc(128 << 10, "x")],
  ["one byte more than one block", Buffer.alloc((128 << 10) + 1, "x")],
  ["a run of one byte", Buffer.alloc(4 << 20, "x")],
  ["what cannot be compressed", noise(300 << 10)],
  ["text", Buffer.from(JSON.stringify(Array.from({ length: 100_000 }, (_, at) => at)))],
])("what a frame of %s expands to at most is told from its blocks", (_, content) => {
  const frames = [...zstdFrames("h", Buffer.concat([zstdCompressSync(content), zstdCompressSync(content)]))];
  expect(frames).toHaveLength(2);
  for (const { mostBytes } of frames) {
    expect(mostBytes).toBeGreaterThanOrEqual(content.length);
    expect(mostBytes).toBeLessThanOrEqual(2 * Math.max(content.length, 128 << 10));
  }
});

test("a frame that decoders skip expands to nothing", () => {
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  expect([...zstdFrames("h", skipped)]).toMatchObject([{ at: 0, mostBytes: 0 }]);
});

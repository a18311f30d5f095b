import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { requireHistoryWithin } from "./decompressed-size.ts";
import { HistoryError } from "./history-error.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-size-"));
afterAll(() => rmSync(folder, { recursive: true }));

const content = Buffer.alloc(100_000, "x");
const half = content.subarray(0, 50_000);

describe.each([
  ["gzip", gzipSync(content)],
  ["gzip of two members", Buffer.concat([gzipSync(half), gzipSync(half)])],
  ["zstd", zstdCompressSync(content)],
  ["zstd of two frames", Buffer.concat([zstdCompressSync(half), zstdCompressSync(half)])],
])("what %s expands to", (_, bytes) => {
  const file = join(folder, "h");

  it("may be as much as the limit", async () => {
    writeFileSync(file, bytes);
    await requireHistoryWithin(file, content.length);
  });

  it("is refused above it, with the limit and the option that raises it", async () => {
    writeFileSync(file, bytes);
    const refused = requireHistoryWithin(file, content.length - 1);
    await expect(refused).rejects.toThrow(HistoryError);
    await expect(refused).rejects.toThrow(
      "found more than 99999 bytes when it is decompressed, expected a smaller history, or a higher limit by --max-history-bytes",
    );
  });

  it("is left to its reader where it is damaged", async () => {
    writeFileSync(file, bytes.subarray(0, -5));
    await requireHistoryWithin(file, content.length);
  });
});

it("plain files have no limit", async () => {
  const file = join(folder, "h");
  writeFileSync(file, content);
  await requireHistoryWithin(file, 1);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { guessFormat } from "../guess-format.ts";
import { FressianReader } from "./reader.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-fressian-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (value: string): number[] => [0xda + value.length, ...Buffer.from(value)];
/** A keyword whose name is put into the cache, as Clojure's writer does. */
const keyword = (name: string): number[] => [0xca, 0xf7, 0xcd, ...(name.length < 8 ? text(name) : longText(name))];
const longText = (value: string): number[] => [0xe3, value.length, ...Buffer.from(value)];
const cachedKeyword = (place: number): number[] => [0xca, 0xf7, 0x80 + place];
const map = (...items: readonly (readonly number[])[]): number[] => [
  0xc0,
  ...(items.length < 8 ? [0xe4 + items.length] : [0xec, items.length]),
  ...items.flat(),
];

function block(type: number, data: Buffer): Buffer {
  const header = Buffer.alloc(28);
  header.writeBigInt64BE(BigInt(28 + data.length));
  header.writeInt16BE(type, 12);
  header.writeUInt32BE(crc32(header, crc32(data)), 8);
  return Buffer.concat([header, data]);
}

const integer32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const integer64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

/** A file of blocks 1, 2, …, with the last one as its root, and its index behind them. */
function jepsenFile(blocks: readonly Buffer[], version = 1): Buffer {
  const starts = blocks.map((_, at) => 18 + Buffer.concat(blocks.slice(0, at)).length);
  const index = starts.flatMap((start, at) => [integer32(at + 1), integer64(start)]);
  const body = Buffer.concat(blocks);
  const last = block(1, Buffer.concat([integer32(blocks.length), ...index]));
  return Buffer.concat([Buffer.from("JEPSEN"), integer32(version), integer64(18 + body.length), body, last]);
}

/** The names of fields are cached in the order of their first use: type 0, invoke 1, f 2, write 3, … */
const invocation = map(
  ...[keyword("type"), keyword("invoke"), keyword("f"), keyword("write")],
  ...[keyword("value"), [7], keyword("process"), [0]],
);
const completion = map(
  ...[cachedKeyword(0), keyword("ok"), cachedKeyword(2), cachedKeyword(3)],
  ...[cachedKeyword(4), [7], cachedKeyword(5), [0]],
);
const stream = block(4, Buffer.from([...invocation, ...completion]));
const bigVector = block(5, Buffer.concat([integer64(2), integer64(0), integer32(1)]));
/** A structure that is used for the first time brings its name and size along. */
const reference = (id: number): number[] => [0xef, ...longText("block-ref"), 1, id];
const test = block(
  3,
  Buffer.from([0, 0, 0, 0, ...map(keyword("name"), text("demo"), keyword("history"), reference(2))]),
);
const whole = [stream, bigVector, test];

function events(bytes: Buffer): unknown[] {
  const file = join(folder, "test.jepsen");
  writeFileSync(file, bytes);
  const format = guessFormat(file);
  expect(format.name).toBe("jepsen-binary");
  return Array.from(format.events(file, { independent: false, warn: () => {} }), ({ event }) => event);
}

const written = [
  { index: 0, process: 0, type: "invoke", f: "write", value: 7 },
  { index: 1, process: 0, type: "ok", f: "write", value: 7 },
];

describe("test.jepsen", () => {
  it("has its history in a stream of a big vector, in a list, or behind the first part of the test", () => {
    expect(events(jepsenFile(whole))).toMatchObject(written);
    expect(events(gzipSync(jepsenFile(whole)))).toMatchObject(written);
    const list = block(2, Buffer.from([0xe6, ...invocation, ...completion]));
    const plain = block(2, Buffer.from(map(keyword("history"), reference(1))));
    expect(events(jepsenFile([list, plain], 0))).toMatchObject(written);
    const rest = block(3, Buffer.from([0, 0, 0, 0, ...map(keyword("history"), reference(2))]));
    const head = block(3, Buffer.from([0, 0, 0, 3, ...map(keyword("name"), text("demo"))]));
    expect(events(jepsenFile([stream, bigVector, rest, head]))).toMatchObject(written);
  });
  it("is refused where it is damaged, cut off or of another version", () => {
    const flipped = jepsenFile(whole);
    flipped[60]! ^= 1;
    expect(() => events(flipped)).toThrow(/found a block at byte 18 that does not have its checksum/);
    expect(() => events(jepsenFile(whole).subarray(0, -5))).toThrow(/found the end of the file before byte/);
    expect(() => events(jepsenFile(whole, 9))).toThrow(/found version 9; 0 and 1 are known/);
    expect(() => events(jepsenFile([stream, test]))).toThrow(/a block of type 3 in a history/);
    expect(() => events(jepsenFile([block(2, Buffer.from([0xef, ...text("odd"), 0]))]))).toThrow(/a structure “odd”/);
    for (const name of ["__proto__", "toString"]) {
      const named = block(2, Buffer.from([0xef, ...longText(name), 1, 0]));
      expect(() => events(jepsenFile([named]))).toThrow(`a structure “${name}”`);
    }
    const beyondDates = [0xc8, 0xf8, 0x7f, 0xff, 0, 0, 0, 0, 0, 0];
    expect(() => events(jepsenFile([block(2, Buffer.from(beyondDates))]))).toThrow(/a structure “inst”/);
    const deep = Buffer.alloc(100_000, 0xe5);
    expect(() => events(jepsenFile([block(2, deep)]))).toThrow(/values more than 600 deep/);
    const withoutIndex = [Buffer.from("JEPSEN"), integer32(1), integer64(18), block(1, Buffer.alloc(0))];
    expect(() => events(Buffer.concat(withoutIndex))).toThrow(/a block that is too short to name another one/);
  });
});

describe("values of Fressian", () => {
  const read = (...bytes: number[]): unknown => new FressianReader(Buffer.from(bytes)).value();
  it.each<[string, number[], unknown]>([
    ["small integers", [0x3f], 63],
    ["minus one", [0xff], -1],
    ["packed integers", [0x50, 0x40], 64],
    ["negative packed integers", [0x4f, 0xff], -1],
    ["three bytes", [0x69, 0x00, 0x00], 65_536],
    ["seven bytes", [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 2 ** 49 - 1],
    ["long integers", [0xf8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 2n ** 63n - 1n],
    ["big integers", [0xc6, 0xd2, 0xff, 0x7f], -129n],
    ["doubles", [0xfa, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
    ["whole doubles", [0xfc], { kind: "double", value: 1 }],
    ["texts beyond ASCII", [0xdc, 0xc3, 0xa9], "é"],
    ["texts of two units", [0xe0, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], "😀"],
    ["chunked texts", [0xe2, 1, 0x61, 0xdb, 0x62], "ab"],
    ["open lists", [0xed, 1, 0xf5, 0xf7, 0xfd], [1, true, null]],
    ["sets", [0xc1, 0xe5, 1], { kind: "set", items: [1] }],
    ["structures that are known", [0xe6, 0xef, 0xdd, 0x76, 0x65, 0x63, 1, 0xe5, 1, 0xa0, 0xe5, 2], [[1], [2]]],
  ])("%s", (_, bytes, value) => expect(read(...bytes)).toEqual(value));
});

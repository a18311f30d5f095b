import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compressHistory } from "./compress.ts";
import type { HistoryEvent } from "./event.ts";
import { HistoryError } from "./history-error.ts";
import { pairOperations } from "./pair.ts";
import { openHistory } from "./reader.ts";
import { formatEvent, openHistoryWriter } from "./writer.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-history-"));
  file = join(folder, "history.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const events: HistoryEvent[] = [
  { index: 0, time: 10, process: 0, type: "invoke", f: "write", key: "k", value: 1 },
  { index: 1, time: 20, process: "nemesis", type: "info", f: "pause", value: { id: 1, nodes: ["n1"] } },
  { index: 4, time: 20, process: 0, type: "ok", f: "write", key: "k", value: 1, node: "n1" },
  { index: 5, time: 30, process: 1, type: "invoke", f: "read", key: "ключ\n", value: null },
];

/** Many operations, more than a chunk and a compressed frame hold. */
function* manyEvents(operations: number): Generator<HistoryEvent> {
  for (let i = 0; i < operations; i++) {
    const common = { process: i % 7, f: "write", key: "k", value: i };
    yield { index: 2 * i, time: 1000 * i, type: "invoke", ...common };
    yield { index: 2 * i + 1, time: 1000 * i + 500, type: "ok", ...common, node: "n1" };
  }
}

async function write(all: Iterable<HistoryEvent>): Promise<void> {
  const writer = openHistoryWriter(file);
  for (const event of all) writer.write(event);
  await writer.close();
}

describe("a history on disk", () => {
  it("reads what was written, from the file and from its run folder", async () => {
    await write(events);
    expect([...openHistory(file)]).toEqual(events);
    expect([...openHistory(folder)]).toEqual(events);
  });

  it("keeps when an operation was due", async () => {
    const late = { ...events[0]!, time: 3_000_000, intendedNs: 1_000_000 };
    await write([late]);
    expect([...openHistory(file)]).toEqual([late]);
  });

  it("keeps what an error said beside its code", async () => {
    const failed = { ...events[0]!, type: "info", error: "client-error", detail: "boom" } as const;
    await write([events[0]!, { ...failed, index: 1 }]);
    expect([...openHistory(file)]).toEqual([events[0]!, { ...failed, index: 1 }]);
  });

  it("can be read again", async () => {
    await write(events);
    const history = openHistory(file);
    expect([...history]).toEqual([...history]);
  });

  it("is written before the writer is closed", async () => {
    const writer = openHistoryWriter(file);
    writer.write(events[0]!);
    await expect.poll(() => readFileSync(file, "utf8")).toBe(formatEvent(events[0]!));
    await writer.close();
  });

  it("is never overwritten", async () => {
    writeFileSync(file, "");
    await expect(write(events)).rejects.toThrow("EEXIST");
  });

  it("is the same when it is compressed, and then the plain file is gone", async () => {
    await write(manyEvents(60_000));
    const compressed = await compressHistory(file);
    expect(compressed).toBe(`${file}.zst`);
    expect(existsSync(file)).toBe(false);
    let count = 0;
    for (const event of openHistory(folder)) expect(event.index).toBe(count++);
    expect(count).toBe(120_000);
  });

  it("is refused when the compressed file was cut or changed", async () => {
    await write(manyEvents(1000));
    const compressed = await compressHistory(file);
    const bytes = readFileSync(compressed);
    writeFileSync(compressed, bytes.subarray(0, -10));
    expect(() => [...openHistory(compressed)]).toThrow(/a zstd frame at byte 0 that is cut short/);
    writeFileSync(compressed, bytes.fill(0xff, 40, 60));
    expect(() => [...openHistory(compressed)]).toThrow(HistoryError);
  });

  it("is readable up to the last whole line after a kill", () => {
    writeFileSync(file, events.slice(0, 3).map(formatEvent).join("") + formatEvent(events[3]!).slice(0, 40));
    const history = openHistory(file);
    expect([...history]).toEqual(events.slice(0, -1));
    expect(history.warnings).toEqual([`${file}:4: the last line was cut after 40 bytes and is omitted`]);
  });

  it("keeps a last line that lacks only its newline", () => {
    writeFileSync(file, events.map(formatEvent).join("").slice(0, -1));
    const history = openHistory(file);
    expect([...history]).toEqual(events);
    expect(history.warnings).toEqual([]);
  });

  it("has no events when it is empty", () => {
    writeFileSync(file, "");
    expect([...openHistory(file)]).toEqual([]);
  });
});

describe("a damaged history", () => {
  const first = formatEvent(events[0]!);
  it.each([
    ["a cut line", `${first.slice(0, 20)}\n${first}`, /:1: found “\{"index":0,"time":10”, expected one JSON object/],
    ["an empty line", `${first}\n`, /:2: found an empty line, expected one JSON object/],
    [
      "a number beyond all doubles",
      first.replace('"value":1', '"value":1e999'),
      /:1: found the number 1e999, which is beyond 1\.8e308, expected a value/,
    ],
    [
      "a value nested too deep",
      first.replace('"value":1', `"value":${"[".repeat(300)}${"]".repeat(300)}`),
      /:1: found a value nested more than 200 deep, expected a value that JSON readers keep/,
    ],
    [
      "an index beyond 2^53",
      first.replace('"index":0', '"index":9007199254740993'),
      /:1: found index “9007199254740993”, expected/,
    ],
    ["a list", "[1]\n", /:1: found “\[1\]”, expected one JSON object/],
    ["no index", '{"time":1}\n', /:1: found no index, expected an index: a whole number from 0/],
    [
      "a wrong type",
      first.replace("invoke", "ask"),
      /:1: found type “"ask"”, expected a type: invoke, ok, fail or info/,
    ],
    ["a wrong process", first.replace('"process":0', '"process":-1'), /:1: found process “-1”, expected a process/],
    ["an index twice", first + first, /:2: found index 0, expected an index above 0/],
    ["no invocation", first.replace("invoke", "ok"), /:1: found a completion of process 0, expected its invocation/],
    [
      "two open operations",
      first + first.replace('"index":0', '"index":1'),
      /:2: found process 0 invoking a second operation, expected the completion of its first/,
    ],
    [
      "time running backwards",
      formatEvent(events[2]!).replace("ok", "invoke") + formatEvent({ ...events[3]!, time: 19 }),
      /:2: found time 19, expected a time of at least 20/,
    ],
  ])("with %s is refused by line", (_, text, message) => {
    writeFileSync(file, text);
    expect(() => [...openHistory(file)]).toThrow(message);
    expect(() => [...openHistory(file)]).toThrow(HistoryError);
  });

  it.each([
    ["a byte that begins no character", [0xff], "0xff"],
    ["a byte that continues none", [0x61, 0x80], "0x80"],
    ["a character that is cut", [0xe2, 0x82], "0xe2"],
    ["a surrogate", [0xed, 0xa0, 0x80], "0xed"],
  ])("with %s is refused by line and column", (_, bytes, byte) => {
    const [before = "", after] = first.replace('"value":1', '"value":"é|"').split("|");
    writeFileSync(file, Buffer.concat([Buffer.from(first + before), Buffer.from(bytes), Buffer.from(`${after}`)]));
    const column = Buffer.byteLength(before) + 1 + bytes.findIndex((one) => one >= 0x80);
    const message = `${file}:2: found byte ${byte} in column ${column}, expected text in UTF-8`;
    expect(() => [...openHistory(file)]).toThrow(message);
  });

  it("that is not there is refused by name", () => {
    expect(() => openHistory(file)).toThrow(`${file}: found nothing there, expected a history file or a run folder`);
    expect(() => openHistory(folder)).toThrow("found a folder without a history, expected history.jsonl or");
  });
});

describe("pairs of invocation and completion", () => {
  it("stand in the order of invocations, and leave open what the history leaves open", () => {
    const pairs = pairOperations(events);
    expect(pairs).toEqual([
      { invocation: events[0], completion: events[2] },
      { invocation: events[3], completion: null },
    ]);
  });

  it("know processes with huge numbers, as imported histories have them", () => {
    const huge = events.map((event) => ({ ...event, ...(event.process === 0 ? { process: 1e12 } : {}) }));
    expect(pairOperations(huge)[0]?.completion?.index).toBe(4);
  });
});

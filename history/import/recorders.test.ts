import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, describe, expect, it, test } from "vitest";
import type { HistoryEvent } from "../event.ts";
import { guessFormat } from "./guess-format.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-recorders-"));
afterAll(() => rmSync(folder, { recursive: true }));

function imported(content: string | Buffer): { format: string; events: HistoryEvent[]; warnings: string[] } {
  const file = join(folder, "h");
  writeFileSync(file, content);
  const format = guessFormat(file);
  const warnings: string[] = [];
  const options = { independent: false, warn: (warning: string) => void warnings.push(warning) };
  return { format: format.name, events: Array.from(format.events(file, options), ({ event }) => event), warnings };
}

const lines = (...events: object[]): string => events.map((event) => JSON.stringify(event)).join("\n");

/** A write and a read of what it wrote, with times a millisecond apart. */
const written: HistoryEvent[] = [
  { index: 0, time: 0, process: 0, type: "invoke", f: "write", value: 1 },
  { index: 1, time: 1e6, process: 0, type: "ok", f: "write", value: 1 },
  { index: 2, time: 2e6, process: 1, type: "invoke", f: "read", value: null },
  { index: 3, time: 3e6, process: 1, type: "ok", f: "read", value: 1 },
];
const without = (...names: string[]): object[] =>
  written.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name))));

describe("JSON of other recorders", () => {
  it.each<[string, string]>([
    ["lines without times and indexes", lines(...without("index", "time"))],
    ["lines without times", lines(...without("time"))],
    ["lines without indexes", lines(...without("index"))],
    ["lines that begin with another field", lines(...without("index").map((event) => ({ type: "", ...event })))],
    ["an array", JSON.stringify(written)],
    ["an array over many lines", JSON.stringify(without("index", "time"), null, 2)],
    [
      "objects over many lines",
      without("index")
        .map((event) => JSON.stringify(event, null, 1))
        .join("\n"),
    ],
    [
      "lines with a byte order mark and Windows line ends",
      `\ufeff${lines(...without("index")).replaceAll("\n", "\r\n")}`,
    ],
    ["lines of Keelhaul's with a byte order mark", `\ufeff${lines(...written)}\n`],
    ["negative times and indexes", lines(...written.map((event) => ({ ...event, time: -1, index: -1 })))],
    ["times in milliseconds", lines(...without("time").map((event, at) => ({ ...event, time_ms: at })))],
    [
      "times in whole and broken seconds",
      lines(...without("time").map((event, at) => ({ ...event, time: at / 1000 }))),
    ],
    [
      "times in seconds since 1970",
      lines(...without("time").map((event, at) => ({ ...event, ts: 5e8 + 0.001 * at + 0.5 }))),
    ],
    [
      "times since 1970 in nanoseconds",
      lines(...without("time").map((event) => ({ ...event, time: 0 })))
        .split("\n")
        .map((line, at) => line.replace('"time":0', `"time":176700000000${at}000000`))
        .join("\n"),
    ],
    ["dates", lines(...without("time").map((event, at) => ({ ...event, timestamp: `2026-01-02T03:04:05.00${at}Z` })))],
    [
      "other names of fields",
      lines(
        { client: 0, kind: "call", op: "write", input: 1 },
        { client: 0, kind: "return", op: "write", output: null },
        { client: 1, kind: "call", op: "read" },
        { client: 1, kind: "return", op: "read", output: 1 },
      ),
    ],
    [
      "types in capitals and a function called type",
      lines(
        { worker: "0", status: "INVOKE", type: "write", val: 1 },
        { worker: "0", status: "SUCCESS", type: "write", val: 1 },
        { worker: "1", status: "INVOKE", type: "read" },
        { worker: "1", status: "SUCCESS", type: "read", val: 1 },
      ),
    ],
  ])("%s", (_, text) => {
    const { events } = imported(text);
    const shape = ({ index, time, process, type, f, value }: HistoryEvent) => ({
      index,
      time,
      process,
      type,
      f,
      value,
    });
    const tolerated = events.map((event) => ({ ...shape(event), time: Math.round(event.time / 1e5) * 1e5 }));
    const answered = tolerated.map((event) =>
      event.type === "ok" && event.f === "write" ? { ...event, value: 1 } : event,
    );
    expect(answered).toEqual(written.map(shape));
  });

  it("names clients by numbers, and everybody else the nemesis", () => {
    const { events } = imported(
      lines(
        { process: "chaos-monkey", type: "info", f: "kill", value: { nodes: ["n1"] } },
        { process: "client-7", type: "invoke", f: "read" },
        { process: 1152921504606846977n.toString(), type: "invoke", f: "read" },
        { process: -1, type: "info", f: "partition" },
        { process: null, type: "whatever" },
        { process: "client-7", type: "ok", f: "read", value: 1 },
        { process: "observer-3", type: "info", f: "look" },
      ),
    );
    expect(events.map(({ process, type, f }) => [process, type, f])).toEqual([
      ["nemesis", "info", "kill"],
      [0, "invoke", "read"],
      [1, "invoke", "read"],
      ["nemesis", "info", "partition"],
      ["nemesis", "info", "whatever"],
      [0, "ok", "read"],
      ["nemesis", "info", "look"],
    ]);
  });

  it("keeps numbers exact", () => {
    const [event] = imported('{"process":0,"type":"invoke","f":"write","value":1152921504606846977}').events;
    expect(event?.value).toBe("1152921504606846977N");
  });

  it.each([
    [
      "a file that was cut",
      '[{"process":0,\n"type":"invoke"',
      /:2: found the end of the file, expected “\}” for what line 1/,
    ],
    [
      "an array that was cut",
      '[{"process":0,"type":"invoke","f":"read"}\n',
      /:2: found the end of the file, expected “\]”/,
    ],
    ["something after the array", '[{"process":0,"type":"invoke","f":"read"}]\nx', /:2: found “x”, expected the end/],
    ["damage in an object", '{"process":0,"type":"invoke","f":"read"}\n{"process":}', /:2: found “\{"process":\}”/],
    [
      "a number beyond all doubles",
      '{"process":0,"type":"invoke","f":"write","value":1e999}',
      /:1: found the number 1e999, which/,
    ],
    [
      "a value nested too deep",
      `{"process":0,"type":"invoke","f":"write","value":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      /:1: found a value nested more than 200 deep/,
    ],
    ["no type", '{"process":0,"f":"read"}', /:1: found no :type/],
  ])("refuses %s by line", (_, text, message) => {
    expect(() => imported(text)).toThrow(message);
  });
});

test("Jepsen's history.txt", () => {
  const { format, events } = imported(
    [
      "0\t:invoke\t:cas\t[5 6]",
      ":nemesis\t:info\t:start\t#<Object> and @more",
      "0\t:info\t:cas\t[5 6]\tindeterminate: Connection refused",
      "\tat some.Stack.trace(Line.java:7)",
      "1\t:invoke\t:read\tnil",
      "1\t:fail\t:read\tnil\t[:timeout 5]",
      "2\t:invoke\t:read\tnil",
      "2\t:fail\t:read\t:timed-out",
    ].join("\n"),
  );
  expect(format).toBe("jepsen-txt");
  expect(events.map(({ process, type, f, value, error }) => [process, type, f, value, error])).toEqual([
    [0, "invoke", "cas", [5, 6], undefined],
    ["nemesis", "info", "start", "#<Object> and @more", undefined],
    [0, "info", "cas", [5, 6], "indeterminate: Connection refused"],
    [1, "invoke", "read", null, undefined],
    [1, "fail", "read", null, "[:timeout 5]"],
    [2, "invoke", "read", null, undefined],
    [2, "fail", "read", null, "timed-out"],
  ]);
  expect(() => imported("0\t:invoke\t:read\tnil\nhello")).toThrow(/:2: found “hello”, expected process :invoke/);
  expect(() => imported("0\t:invoke\t:write\t[1")).toThrow(/:1: found the end of the file, expected “\]”/);
});

test("Jepsen's jepsen.log, in which only operations count", () => {
  const stamp = (ms: string): string => `2026-01-02 03:04:05,${ms}{GMT}\tINFO\t`;
  const { format, events } = imported(
    [
      `${stamp("100")}[jepsen test runner] jepsen.core: Running test:`,
      " {:name etcd}",
      `${stamp("200")}[jepsen worker 0] jepsen.util: 0\t:invoke\t:txn\t[[:append 1 2] [:r 1 nil]]`,
      `${stamp("205")}[jepsen nemesis] jepsen.util: :nemesis\t:info\t:start-partition\t:majority`,
      "java.lang.Exception: with a stack",
      `${stamp("210")}[jepsen worker 0] jepsen.util: 0\t:ok\t:txn\t[[:append 1 2] [:r 1 [2]]]`,
    ].join("\n"),
  );
  expect(format).toBe("jepsen-log");
  expect(events).toEqual([
    {
      index: 0,
      time: 0,
      process: 0,
      type: "invoke",
      f: "txn",
      value: [
        ["append", "1", 2],
        ["r", "1", null],
      ],
    },
    { index: 1, time: 5e6, process: "nemesis", type: "info", f: "start-partition", value: ":majority" },
    {
      index: 2,
      time: 10e6,
      process: 0,
      type: "ok",
      f: "txn",
      value: [
        ["append", "1", 2],
        ["r", "1", [2]],
      ],
    },
  ]);
  expect(() => imported(`${stamp("1")}[main] jepsen.core: nothing\n`)).toThrow(
    /found a log of Jepsen without operations/,
  );
});

test("a test.jepsen that is cut off is refused with what to read instead", () => {
  const bytes = Buffer.from([...Buffer.from("JEPSEN"), 0, 0, 0, 1, 0xff, 0x80]);
  expect(() => imported(bytes)).toThrow(
    /found the end of the file before byte 18, expected a whole test\.jepsen; else give the history\.edn or history\.txt/,
  );
});

test("a JSON document may hold one record alone", () => {
  const record = { process: 0, type: "invoke", f: "read", value: null };
  const expected = { format: "json", events: [{ index: 0, process: 0, type: "invoke", f: "read" }] };
  for (const text of [JSON.stringify(record), JSON.stringify(record, null, 2), JSON.stringify([record])]) {
    expect(imported(text)).toMatchObject(expected);
  }
});

test.each([
  ["UTF-16 from Windows", [0xff, 0xfe], (text: string) => Buffer.from(text, "utf16le")],
  ["UTF-16 with the high byte first", [0xfe, 0xff], (text: string) => Buffer.from(text, "utf16le").swap16()],
  ["UTF-8 with a mark", [0xef, 0xbb, 0xbf], (text: string) => Buffer.from(text)],
])("%s reads like UTF-8 without one", (_, mark, encoded) => {
  const text = '{:process 0, :type :invoke, :f :write, :value "é😀"}';
  expect(imported(Buffer.concat([Buffer.from(mark), encoded(text)]))).toEqual(imported(text));
});

describe("compressed, a history reads as it did", () => {
  const texts = {
    keelhaul: `${lines(...written)}\n`,
    json: JSON.stringify(written),
    edn: '[{:process 0, :type :invoke, :f :read, :value nil}\n {:process 0, :type :ok, :f :read, :value "é"}]',
    "jepsen-txt": "0\t:invoke\t:read\tnil\n0\t:ok\t:read\t1\n",
    "porcupine-etcd": "INFO  jepsen.util - 7\t:invoke\t:read\tnil\nINFO  jepsen.util - 7\t:ok\t:read\t1\n",
  };
  it.each(Object.entries(texts))("%s", (name, text) => {
    const plain = imported(text);
    expect(plain.format).toBe(name);
    const halves = [text.slice(0, 30), text.slice(30)];
    const compressed = [
      gzipSync(text),
      Buffer.concat(halves.map((half) => gzipSync(half))),
      zstdCompressSync(text),
      Buffer.concat(halves.map((half) => zstdCompressSync(half))),
    ];
    for (const bytes of compressed) expect(imported(bytes)).toEqual(plain);
  });

  it("and is refused where it was cut", () => {
    const bytes = gzipSync(texts.json);
    expect(() => imported(bytes.subarray(0, -9))).toThrow(/found gzip that is damaged or cut short/);
  });
});

test.each([
  [
    "a nemesis that speaks of everything",
    '{:process :nemesis, :type :info, :f :start, :value {:a #object[x 0x1 ""], :r 1/3}}',
  ],
  ["a nemesis without a time", "{:process :nemesis, :type :info, :f :start}"],
  ["a nemesis with a negative index", "{:process :nemesis, :index -1, :type :info, :f :start, :time 9}"],
  ["a nemesis by another name", "{:process :nemesis-2, :type :info, :f :start, :time 9}"],
  ["a nemesis by a number", "{:process -1, :type :info, :f :start, :time 9}"],
  ["a nemesis in text", '{:process "Nemesis", :type :invoke, :f :start, :time 9}'],
  ["a nemesis with another type", "{:process :nemesis, :type :invoke, :f :start, :time 9}"],
  ["a nemesis without a type and a function", "{:process :nemesis, :time 9}"],
  ["a nemesis whose function is no name", "{:process :nemesis, :type :info, :f [1 2], :time 9}"],
  ["a nemesis with an action but no evidence", '{:process :nemesis, :type :info, :f :kill, :value {:action "inject"}}'],
])("%s makes no history unreadable", (_, nemesis) => {
  const invoke = "{:index 0, :process 0, :type :invoke, :f :read, :value nil, :time 5}";
  const ok = "{:index 4, :process 0, :type :ok, :f :read, :value 1, :time 15}";
  const { events } = imported([nemesis, invoke, nemesis, ok, nemesis].join("\n"));
  expect(events.filter(({ process }) => process === "nemesis")).toHaveLength(3);
  expect(events.filter(({ process }) => process === 0)).toHaveLength(2);
  for (const [at, { index, time }] of events.entries()) {
    expect(index).toBeGreaterThan(events[at - 1]?.index ?? -1);
    expect(time).toBeGreaterThanOrEqual(events[at - 1]?.time ?? 0);
  }
});

describe("final reads", () => {
  it("begin where Maelstrom marks the first of them", () => {
    const { events } = imported(
      "{:process 0 :type :invoke :f :read :value nil :time 1}\n{:process 0 :type :ok :f :read :value 0 :time 2}\n" +
        "{:process 0 :type :invoke :f :read :value nil :final? true :time 3}\n{:process 0 :type :ok :f :read :value 0 :final? true :time 4}",
    );
    expect(events.map(({ process, f, index }) => [process, f, index])).toEqual([
      [0, "read", 0],
      [0, "read", 1],
      ["controller", "final-reads", 2],
      [0, "read", 3],
      [0, "read", 4],
    ]);
  });
});

describe("operations on logs", () => {
  it("have the steps of Jepsen's kafka workload, with one name for a key everywhere", () => {
    const { events } = imported(
      "{:process 0 :type :invoke :f :txn :value [[:send :k 7] [:poll]]}\n" +
        "{:process 0 :type :ok :f :txn :value [[:send :k [0 7]] [:poll {:k [[0 7]], 3 []}]]}\n" +
        "{:process 0 :type :invoke :f :assign :value [:k 3]}",
    );
    expect(events.map(({ value }) => value)).toEqual([
      [["send", "k", 7], ["poll"]],
      [
        ["send", "k", [0, 7]],
        ["poll", { k: [[0, 7]], 3: [] }],
      ],
      ["k", "3"],
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { HistoryEvent } from "../event.ts";
import { HistoryError } from "../history-error.ts";
import { findHistory } from "./find-history.ts";
import { guessFormat } from "./guess-format.ts";
import { writeHistory } from "./write-history.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keelhaul-import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Imported {
  readonly format: string;
  readonly events: HistoryEvent[];
  readonly warnings: string[];
}

function imported(text: string, independent = false): Imported {
  const file = join(folder, "h");
  writeFileSync(file, text);
  const format = guessFormat(file);
  const warnings: string[] = [];
  const options = { independent, warn: (warning: string) => void warnings.push(warning) };
  const events = Array.from(format.events(file, options), ({ event }) => event);
  return { format: format.name, events, warnings };
}

test("a history of Jepsen", () => {
  const { format, events } = imported(`; etcd, 2026
    [{:process 3, :type :invoke :f :cas :value [1 2], :time 20, :index 4}
     {:process :nemesis, :type :info, :f :start, :value "cut #{n1}", :time 30, :index 5}
     #jepsen.history.Op{:type :info, :process 3, :f :cas, :value [1 2], :time 40, :index 7
      :error [:timeout "after {5}"]}
     {:process 4, :type :invoke, :f :read, :value nil, :time 50 :index 8},
     {:process 4, :type :ok, :f :read, :value 9007199254740993, :time 60 :index 9}]`);
  expect(format).toBe("edn");
  expect(events).toEqual([
    { index: 4, time: 20, process: 3, type: "invoke", f: "cas", value: [1, 2] },
    { index: 5, time: 30, process: "nemesis", type: "info", f: "start", value: "cut #{n1}" },
    { index: 7, time: 40, process: 3, type: "info", f: "cas", value: [1, 2], error: '[:timeout "after {5}"]' },
    { index: 8, time: 50, process: 4, type: "invoke", f: "read", value: null },
    { index: 9, time: 60, process: 4, type: "ok", f: "read", value: "9007199254740993N" },
  ] satisfies HistoryEvent[]);
});

test("transactions of Elle, which may lack all but type and value", () => {
  const { events } = imported(`
    {:index 0 :type :invoke :value [[:append 253 1] [:read :x nil]]}
    {:index 1 :type :ok     :value [[:append 253 1] [:read :x [1 3]]]}`);
  expect(events).toEqual([
    {
      ...{ index: 0, time: 0, process: 0, type: "invoke", f: "txn" },
      value: [
        ["append", "253", 1],
        ["r", "x", null],
      ],
    },
    {
      ...{ index: 1, time: 1e6, process: 0, type: "ok", f: "txn" },
      value: [
        ["append", "253", 1],
        ["r", "x", [1, 3]],
      ],
    },
  ]);
});

test("keys of transactions are told apart as Clojure does", () => {
  const keys = ["1", '"1"', ":x", '"x"', "[1 2]", "(1 2)", "5N", "5", "1.0", "{:a 1, :b 2}", "{:b 2, :a 1}"];
  const steps = keys.map((key) => `[:append ${key} 1]`).join(" ");
  const [event] = imported(`{:process 0 :type :invoke :f :txn :value [${steps}]}`).events;
  const names = ((event?.value ?? []) as [string, string, number][]).map(([, name]) => name);
  expect(names.slice(0, 4)).toEqual(["1", '"1"', "x", '"x"']);
  expect([names[4], names[6], names[9]]).toEqual([names[5], names[7], names[10]]);
  expect(new Set(names).size).toBe(8);
});

test("an independent test of Jepsen has its keys in the values", () => {
  const text = `{:process 0, :type :invoke, :f :cas, :value [7 [1 2]]}
                {:process 0, :type :fail, :f :cas, :value [7 [1 2]]}`;
  expect(imported(text, true).events).toMatchObject([
    { f: "cas", key: "7", value: [1, 2] },
    { f: "cas", key: "7", value: [1, 2] },
  ]);
  expect(imported(text).events[0]).toMatchObject({ value: [7, [1, 2]] });
  const bare = "{:process 0, :type :invoke, :f :write, :value 3}";
  expect(() => imported(bare, true)).toThrow(/:1: found value “3”, expected \[key value\]/);
});

test("a log of etcd, in which a failed compare-and-set was refused", () => {
  const { format, events } = imported(
    [
      "INFO  jepsen.util - 7\t:invoke\t:cas\t[5 6]",
      "INFO  jepsen.util - 8  :invoke  :read  nil",
      "INFO  jepsen.util - 7\t:fail\t:cas\t[5 6]",
      "INFO  jepsen.util - 8\t:fail\t:read\t:timed-out",
    ].join("\n"),
  );
  expect(format).toBe("porcupine-etcd");
  expect(events).toEqual([
    { index: 0, time: 0, process: 7, type: "invoke", f: "cas", value: [5, 6] },
    { index: 1, time: 1e6, process: 8, type: "invoke", f: "read", value: null },
    { index: 2, time: 2e6, process: 7, type: "fail", f: "cas", value: [5, 6], error: "cas-mismatch" },
    { index: 3, time: 3e6, process: 8, type: "fail", f: "read", error: "timed-out" },
  ]);
});

test("a log of texts", () => {
  const { format, events } = imported(`{:process 0, :type :invoke, :f :get, :key "4", :value nil}
{:process 0, :type :ok, :f :get, :key "4", :value "x 0 1 y"}\n`);
  expect(format).toBe("porcupine-kv");
  expect(events[1]).toEqual({ index: 1, time: 1e6, process: 0, type: "ok", f: "get", key: "4", value: "x 0 1 y" });
});

test("times that are out of order by a little are raised, and that is said", () => {
  const { events, warnings } = imported(`
    {:process 0, :type :invoke, :f :write, :value 1, :time 20}
    {:process 1, :type :invoke, :f :write, :value 2, :time 18}
    {:process 0, :type :ok, :f :write, :value 1, :time 30}
    {:process 1, :type :ok, :f :write, :value 2, :time 29}`);
  expect(events.map(({ time }) => time)).toEqual([20, 20, 30, 30]);
  expect(warnings).toEqual([
    "the times of 2 of 4 events were out of order and were raised: the order in the file counts",
  ]);
});

describe("what cannot be right is refused by line", () => {
  const invoke = "{:process 0, :type :invoke, :f :write, :value 1}";
  const ok = "{:process 0, :type :ok, :f :write, :value 1}";
  const stamp = (map: string, more: string): string => map.replace("}", `, ${more}}`);
  it.each([
    ["a file that was cut", `[${invoke}\n${ok}`, /:2: found the end of the file, expected “\]” for what line 1 opens/],
    ["a map that was cut", `${invoke}\n${ok.slice(0, 19)}`, /:2: found the end of the file, expected “\}”/],
    ["JSON among EDN", `${invoke}\n{"index":1,"time":2}`, /:2: found no :process, expected one/],
    ["a log line among EDN", `${invoke}\nINFO jepsen.util`, /:2: found “INFO”, expected a map with :type/],
    ["a completion alone", `${invoke}\n${ok}\n${ok}`, /:3: found a completion of process 0, expected its invocation/],
    ["two open operations", `${invoke}\n${invoke}`, /:2: found process 0 invoking a second operation.*of line 1/],
    ["another completion", `${invoke}\n${ok.replace("write", "read")}`, /:2: found process 0 completing “read”/],
    [
      "another value",
      `${invoke}\n${ok.replace("1", "2")}`,
      /:2: found write completing with 2, expected 1, as in line 1/,
    ],
    [
      "an index twice",
      `${stamp(invoke, ":index 3")}\n${stamp(ok, ":index 3")}`,
      /:2: found index 3, expected .* above 3/,
    ],
    [
      "a completion too early",
      `${stamp(invoke, ":time 9")}\n${stamp(ok, ":time 8")}`,
      /:2: found time 8, expected .* 9/,
    ],
    [
      "an order that time contradicts",
      [
        stamp(invoke, ":time 90"),
        stamp(ok, ":time 95"),
        stamp(invoke.replace("0", "1"), ":time 10"),
        stamp(ok.replace("0", "1"), ":time 15"),
      ].join("\n"),
      /:4: found time 15, expected a time of at least 90, when line 1 was invoked/,
    ],
    ["no type", "{:process 0, :f :read}", /:1: found no :type, expected :invoke, :ok, :fail or :info/],
    ["a strange type", "{:process 0, :type :done, :f :read}", /:1: found type “:done”, expected :invoke/],
    ["no function", "{:process 0, :type :ok}", /:1: found no :f, expected a function/],
    ["a field twice", "{:process 0, :process 0}", /:1: found :process twice/],
    ["a field that is no name", "{:process 0, [:f] 1}", /:1: found the field “\[:f\]”, expected a keyword/],
    ["a field twice in two forms", '{:process 0, "process" 0}', /:1: found :process twice/],
    ["no map", "[[1 2]]", /:1: found “\[1 2\]”, expected a map with :type, :process and :f/],
    [
      "a strange step",
      "{:process 0 :type :invoke :f :txn :value [[:w 1]]}",
      /:1: found “\[:w 1\]”, expected \[f key value\]/,
    ],
    ["processes now and then", `${invoke}\n{:type :ok :f :write}`, /:2: found no :process, expected one/],
    ["a cut log line", "INFO  jepsen.util - 7\t:invoke\t:read\tnil\nINFO  jepsen.util - 7\t:ok", /:2: found “INFO/],
    [
      "a log value too many",
      "INFO  jepsen.util - 7\t:invoke\t:read\t1 2",
      /:1: found “2”, expected the end of the line/,
    ],
    ["EDN among a log", `INFO  jepsen.util - 7\t:invoke\t:read\tnil\n${invoke}`, /:2: found “\{:process/],
    [
      "no key",
      `{:process 0, :type :invoke, :f :get, :key "a"}\n{:process 1, :type :invoke, :f :get}`,
      /:2: found no :key/,
    ],
    ["nothing that is known", "hello", /:1: found “hello”, expected a history in one of these formats: keelhaul, /],
  ])("%s", (_, text, message) => {
    expect(() => imported(text)).toThrow(message);
    expect(() => imported(text)).toThrow(HistoryError);
  });
});

test("a folder of Jepsen's is found like one of ours, and converted histories are read like ours", () => {
  writeFileSync(join(folder, "history.edn"), "[{:process 0, :type :invoke, :f :read}]");
  const { file, format } = findHistory(folder);
  expect([file, format.name]).toEqual([join(folder, "history.edn"), "edn"]);
  const options = { independent: false, warn: () => {} };
  const events = Array.from(format.events(file, options), ({ event }) => event);
  writeHistory(join(folder, "history.jsonl"), events);
  const ours = findHistory(folder);
  expect(ours.format.name).toBe("keelhaul");
  expect(Array.from(ours.format.events(ours.file, options), ({ event }) => event)).toEqual(events);
  expect(() => findHistory(join(folder, "nowhere"))).toThrow(/found nothing there/);
});

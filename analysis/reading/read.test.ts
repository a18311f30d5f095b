import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { HistoryError } from "../../history/history-error.ts";
import { openHistory } from "../../history/reader.ts";
import { formatEvent } from "../../history/writer.ts";
import { analyze } from "../analyze.ts";
import type { Checker } from "../checker.ts";
import { checkerNames } from "../checker-names.ts";
import { objectForm, objectOperations } from "../objects/operations.ts";
import { operationForm, operationsOf } from "../operations/build-table.ts";
import { checkers } from "../registry.ts";
import { textHistory } from "../test-support/text-history.ts";
import { readForms } from "./read.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-forms-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sample = textHistory("0 invoke write 1\n1 invoke read\n0 ok write 1\n1 ok read 1");

/** A history that counts how often it is read. */
function counted(events: readonly HistoryEvent[]): { history: Iterable<HistoryEvent>; passes: () => number } {
  let passes = 0;
  const history = {
    *[Symbol.iterator]() {
      passes++;
      yield* events;
    },
  };
  return { history, passes: () => passes };
}

test.each(checkerNames)("%s names the forms that it asks for, so that a history is read once", (name) => {
  const { history, passes } = counted(sample);
  analyze(history, [checkers[name]]);
  expect(passes()).toBe(1);
});

test("a form that no checker named is read when it is asked for", () => {
  const { history, passes } = counted(sample);
  const forgetful: Checker = {
    name: "forgetful",
    check: (source) => ({ verdict: "valid", summary: `${objectOperations(source).length} operations` }),
  };
  expect(analyze(history, [forgetful]).checkers["forgetful"]?.summary).toBe("2 operations");
  expect(passes()).toBe(2);
});

test("forms that are filled from bytes agree with those that are filled from events", () => {
  const values = [7, "a", "9007199254740993N", null, [1, 2], { b: 1, a: 2 }, "ü"];
  const events = values.flatMap((value, process): HistoryEvent[] => [
    { index: 2 * process, time: process, process, type: "invoke", f: "add", key: "k", value, intendedNs: 0 },
    { index: 2 * process + 1, time: process, process, type: "info", f: "add", key: "k", node: "n1", error: "timeout" },
  ]);
  const file = join(folder, "history.jsonl");
  writeFileSync(file, events.map(formatEvent).join(""));
  const stored = openHistory(file);
  readForms(stored, [operationForm, objectForm]);
  expect(objectOperations(stored)).toEqual(objectOperations([...openHistory(file)]));
  expect(operationsOf(stored).count).toBe(values.length);
});

test("checkers that each read transactions their own way answer the same for a stored history", () => {
  const txn = (process: number, value: unknown): HistoryEvent[] => [
    { index: 2 * process, time: 2 * process, process, type: "invoke", f: "txn", value },
    { index: 2 * process + 1, time: 2 * process + 1, process, type: "ok", f: "txn", value },
  ];
  const events = [...txn(0, [["w", "x", 1]]), ...txn(1, [["r", "x", null]])];
  const file = join(folder, "transactions.jsonl");
  writeFileSync(file, events.map(formatEvent).join(""));
  const both = [checkers["list-append"], checkers["rw-register"]];
  const { verdict, checkers: results } = analyze(openHistory(file), both);
  expect(results).toEqual(analyze(events, both).checkers);
  expect(verdict).toBe("invalid");
});

test("damage is the answer to whatever form is asked for", () => {
  const [first, ...others] = sample;
  const damaged = [first!, { ...others[0]!, index: 0 }];
  expect(() => operationsOf(damaged)).toThrow(HistoryError);
  expect(() => objectOperations(damaged)).toThrow("history:2: found index 0, expected an index above 0");
});

test("transactions that only read are recognized, from bytes and from events alike", () => {
  const steps = [
    [["r", "x", null]],
    [
      ["r", 1, null],
      ["w", "x", 1],
    ],
    [["append", "x", 1]],
    [
      ["r", "x", null],
      ["r", "ü", null],
    ],
    [],
  ];
  const events = steps.map((value, index): HistoryEvent => {
    return { index, time: index, process: index, type: "invoke", f: "txn", value };
  });
  const file = join(folder, "transactions.jsonl");
  writeFileSync(file, events.map(formatEvent).join(""));
  for (const names of [[], ["list-append"], ["rw-register"]] as const) {
    for (const history of [events, openHistory(file)]) {
      readForms(history, [operationForm, ...names.flatMap((name) => checkers[name].forms ?? [])]);
      expect([...operationsOf(history).onlyReads.subarray(0, steps.length)]).toEqual([1, 0, 0, 1, 0]);
    }
  }
});

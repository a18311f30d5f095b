import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { formatJson, parseJson } from "../../history/exact-json.ts";
import { parseEvent } from "../../history/parse-event.ts";
import { openHistory } from "../../history/reader.ts";
import { formatEvent } from "../../history/writer.ts";
import { operationsOf } from "./build-table.ts";
import type { OperationTable } from "./operation-table.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-table-"));
afterAll(() => rmSync(folder, { recursive: true }));
const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

const text = fc.oneof(fc.constantFrom("k0", "k1", "", "n1", 'a"b', "ü", "tab\t", "back\\slash"), fc.string());
const beyondDoubles = ["9007199254740993N", "'9007199254740993N", "9007199254740993.5M"];
const scalar = fc.oneof(
  fc.nat(1000),
  fc.maxSafeNat(),
  fc.integer(),
  fc.constantFrom<unknown>(null, true, false, -0, 0.5, 1e21, 2 ** 54, "1", "null", ...beyondDoubles),
  fc.double(),
  text,
);
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.tuple(scalar, scalar), fc.object());
const operation = fc.record({
  f: fc.oneof(fc.constantFrom("read", "write", "cas"), text),
  key: fc.option(text, { nil: undefined }),
  asked: value,
  type: fc.constantFrom("ok" as const, "fail" as const, "info" as const),
  answer: fc.oneof(value, fc.constant(undefined)),
  node: fc.option(text, { nil: undefined }),
  error: fc.option(text, { nil: undefined }),
  spaced: fc.boolean(),
});

/** Everything that the table says, as plain values; or what reading it came to. */
function contents(read: () => OperationTable): unknown {
  try {
    const table = read();
    const rows = Array.from({ length: table.count }, (_, row) => table.view(row));
    const unsupported = [...table.unsupported].map(([key, reason]) => [table.keys.text(key), reason]);
    return { rows, unsupported, cells: table.values.count };
  } catch (error) {
    return (error as Error).message.replace(/^.*?:(?=\d+:)/, "");
  }
}

describe("the table of a history's operations", () => {
  it("is the same from bytes as from JSON.parse, whatever the lines hold", () => {
    const file = join(folder, "history.jsonl");
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const lines = operations.flatMap(({ f, key, asked, type, answer, node, error, spaced }, process) => {
          const common = { process, f, ...(key === undefined ? {} : { key }) };
          const invocation = { index: 2 * process, time: process, type: "invoke" as const, ...common, value: asked };
          const completion = { index: 2 * process + 1, time: process, type, ...common, value: answer, node, error };
          return [invocation, completion].map((event) => ({ event: event as HistoryEvent, spaced }));
        });
        const written = lines.map(({ event, spaced }) => {
          const line = formatEvent(event);
          return spaced ? `${formatJson(parseJson(line), 1).replace(/\n */g, " ")}\n` : line;
        });
        writeFileSync(file, written.join(""));
        const parsed = written.map((line) => parseEvent(line, "h", 1));
        expect(contents(() => operationsOf(openHistory(file)))).toEqual(contents(() => operationsOf(parsed)));
      }),
      { seed, numRuns: 500 },
    );
  });

  it("keeps what was asked, what was answered, and by whom", () => {
    const events: HistoryEvent[] = [
      { index: 0, time: 5, process: 2, type: "invoke", f: "cas", key: "k", value: [null, "a"] },
      { index: 1, time: 6, process: "observer", type: "info", f: "node", value: { node: "n1", role: "leader" } },
      { index: 2, time: 9, process: 2, type: "fail", f: "cas", key: "k", node: "n1", error: "cas-mismatch" },
      { index: 3, time: 10, process: 2, type: "invoke", f: "read", key: "k", value: null },
    ];
    const table = operationsOf(events);
    expect(table.view(0)).toEqual({
      ...{ index: 0, process: 2, f: "cas", key: "k", value: [null, "a"], outcome: "fail" },
      ...{ invokedAtNs: 5, completedAtNs: 9, node: "n1", error: "cas-mismatch" },
    });
    expect(table.view(1)).toEqual({
      ...{ index: 3, process: 2, f: "read", key: "k", value: null, outcome: "info", invokedAtNs: 10 },
    });
    expect(table.annotations).toEqual([events[1]]);
  });

  it("refuses an ok read that does not say what was read", () => {
    const events = [
      { index: 0, time: 5, process: 2, type: "invoke", f: "read", key: "k" },
      { index: 1, time: 6, process: 2, type: "ok", f: "read", key: "k" },
    ] as HistoryEvent[];
    expect(() => operationsOf(events)).toThrow("history:2: found an ok read without a value, expected what was read");
  });
});

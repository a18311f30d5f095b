import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { openHistory } from "../../history/reader.ts";
import { formatEvent } from "../../history/writer.ts";
import { ModelGuess } from "../guess-model.ts";
import { readSigns } from "./read-signs.ts";

const folder = mkdtempSync(join(tmpdir(), "keelhaul-signs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

const scalar = fc.constantFrom<unknown>(null, 0, 7, -1, 0.5, "a", "9007199254740993N", true, "ü");
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  fc.tuple(scalar, scalar),
  fc.constantFrom<unknown>(undefined, [], [["append", 1, 2]], [["r", "x", null]], [["w", 1, [1]]], { a: 1 }),
);
const events = fc
  .record({
    functions: fc.subarray(
      ["read", "write", "cas", "add", "incr", "enqueue", "dequeue", "txn", "get", "put", "acquire"],
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    operations: fc.array(
      fc.record({ f: fc.nat(2), asked: value, type: fc.constantFrom("ok", "info"), answer: value }),
      {
        maxLength: 10,
      },
    ),
  })
  .map(({ functions, operations }) =>
    operations.flatMap(({ f, asked, type, answer }, process) => {
      const common = { time: process, process, f: functions[f % functions.length]! };
      return [
        { index: 2 * process, type: "invoke", ...common, value: asked },
        { index: 2 * process + 1, type, ...common, value: answer },
      ] as HistoryEvent[];
    }),
  );

test("what is guessed from the bytes of a history is what its events say", () => {
  const file = join(folder, "history.jsonl");
  fc.assert(
    fc.property(events, (history) => {
      writeFileSync(file, history.map(formatEvent).join(""));
      const guess = new ModelGuess();
      for (const event of openHistory(file)) guess.see(event);
      expect(readSigns(openHistory(file), undefined)).toEqual({ guess: guess.model(), objection: null });
    }),
    { seed, numRuns: 1000 },
  );
});

test("the first event that the model asked for cannot judge is told with its line", () => {
  const history: HistoryEvent[] = [
    { index: 0, time: 0, process: 0, type: "invoke", f: "write", value: 1 },
    { index: 1, time: 0, process: 1, type: "invoke", f: "enqueue", value: 1 },
    { index: 2, time: 0, process: 2, type: "invoke", f: "drain" },
  ];
  const file = join(folder, "objection.jsonl");
  writeFileSync(file, history.map(formatEvent).join(""));
  const { objection } = readSigns(openHistory(file), { name: "cas-register", options: {} });
  expect(objection).toMatchObject({ line: 2, why: expect.stringContaining("enqueue") });
});

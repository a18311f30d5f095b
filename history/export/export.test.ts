import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { canonical } from "../canonical.ts";
import { errorCodes, type HistoryEvent } from "../event.ts";
import { parseJson } from "../exact-json.ts";
import { importFormats } from "../import/registry.ts";
import { edn } from "./edn.ts";
import { jsonl } from "./jsonl.ts";
import { parquet } from "./parquet.ts";

test("a history in EDN is what Jepsen's tools read", () => {
  const events: HistoryEvent[] = [
    { index: 0, time: 5, process: 0, type: "invoke", f: "cas", key: "k", value: [null, "a\n"], intendedNs: 2 },
    { index: 1, time: 6, process: 0, type: "fail", f: "cas", key: "k", value: [null, "a\n"], error: "cas-mismatch" },
    { index: 2, time: 7, process: 1, type: "invoke", f: "txn", value: [["r", "x", null]] },
    { index: 3, time: 8, process: "nemesis", type: "info", f: "one-way", value: { id: 1, "n1->n2": [true] } },
  ];
  expect([...edn.pieces(events)].join("")).toBe(
    [
      '{:index 0, :time 5, :process 0, :type :invoke, :f :cas, :key "k", :value [nil "a\\n"], :intendedNs 2}',
      '{:index 1, :time 6, :process 0, :type :fail, :f :cas, :key "k", :value [nil "a\\n"], :error :cas-mismatch}',
      '{:index 2, :time 7, :process 1, :type :invoke, :f :txn, :value [[:r "x" nil]]}',
      "{:index 3, :time 8, :process :nemesis, :type :info, :f :one-way, :value {:id 1, :n1->n2 [true]}}",
      "",
    ].join("\n"),
  );
});

const seed = Number(process.env["KEELHAUL_SEED"] ?? Date.now() % 1_000_000);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(":key", "#tag", "nil", "", "7", "##NaN", "1.0", "9007199254740993N"),
);
/** Numbers that only exact readers tell apart, alone and in collections. */
const beyondDoubles = fc
  .tuple(fc.bigInt({ min: 2n ** 53n, max: 2n ** 66n }), fc.boolean(), fc.constantFrom("", ".5"))
  .map(([whole, isNegative, fraction]) => parseJson(`${isNegative ? "-" : ""}${whole}${fraction}`))
  .chain((number) => fc.constantFrom<unknown>(number, [number, 1], { b: number, a: [number] }));
/** As it is read: without what JSON itself does not keep, such as -0. */
const json = fc
  .oneof(fc.jsonValue(), beyondDoubles)
  .map((value): unknown => canonical(parseJson(JSON.stringify(value))));

/** Histories of whole operations, one after the other. */
const histories = fc
  .array(
    fc.record({
      process: fc.oneof(fc.nat(3), fc.constantFrom("nemesis" as const, "observer" as const)),
      f: fc.constantFrom("read", "write", "cas", "txn", "one-way", "Übung"),
      key: fc.option(text, { nil: undefined }),
      value: json,
      steps: fc.array(fc.tuple(fc.constantFrom("r", "w", "append"), text, json), { maxLength: 3 }),
      type: fc.constantFrom("ok", "fail", "info"),
      error: fc.option(fc.oneof(fc.constantFrom(...Object.keys(errorCodes)), text), { nil: undefined }),
      node: fc.option(text, { nil: undefined }),
      ns: fc.nat(),
    }),
    { maxLength: 12 },
  )
  .map((operations) => {
    const events: HistoryEvent[] = [];
    let time = 0;
    for (const { process, f, key, steps, type, error, node, ns, ...operation } of operations) {
      const value = f === "txn" ? steps : operation.value;
      const common = { process, f, ...(key === undefined ? {} : { key }) };
      const ending = { ...(node === undefined ? {} : { node }), ...(error === undefined ? {} : { error }) };
      if (typeof process === "string") {
        events.push({ index: events.length * 3, time, process, type: "info", f, value: operation.value });
        continue;
      }
      const asked = f === "read" ? null : value;
      events.push({ index: events.length * 3, time, type: "invoke", ...common, value: asked, intendedNs: ns });
      time += ns;
      const answer = type === "ok" || f !== "read" ? value : null;
      events.push({ index: events.length * 3, time, type: type as "ok", ...common, value: answer, ...ending });
    }
    return events;
  });

test.each([jsonl, edn].map((format) => [format.name, format] as const))(
  "a history exported as %s is imported as the same history",
  (name, format) => {
    const folder = mkdtempSync(join(tmpdir(), "keelhaul-export-"));
    const importer = importFormats.find((known) => known.name === (name === "jsonl" ? "keelhaul" : name))!;
    const warn = (warning: string): never => {
      throw new Error(warning);
    };
    try {
      fc.assert(
        fc.property(histories, (events) => {
          const file = join(folder, `history.${format.extension}`);
          writeFileSync(file, [...format.pieces(events)].join(""));
          const imported = Array.from(importer.events(file, { independent: false, warn }), ({ event }) => event);
          expect(imported).toEqual(events);
        }),
        { seed, numRuns: 500 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);

test("a history in Parquet is a table with a row an event, values as JSON", async () => {
  const events: HistoryEvent[] = [
    { index: 0, time: 5, process: 0, type: "invoke", f: "write", key: "k", value: { a: [1] } },
    { index: 1, time: 2 ** 40, process: "nemesis", type: "info", f: "kill", error: "timeout", node: "n1" },
  ];
  const { value: bytes } = await parquet.pieces(events).next();
  const file = bytes!.buffer as ArrayBuffer;
  const empty = { key: null, value: null, node: null, error: null };
  expect(await parquetReadObjects({ file })).toEqual([
    { ...empty, index: 0n, time: 5n, process: "0", type: "invoke", f: "write", key: "k", value: '{"a":[1]}' },
    { ...empty, index: 1n, time: 2n ** 40n, process: "nemesis", type: "info", f: "kill", error: "timeout", node: "n1" },
  ]);
});

test("numbers beyond 2^53 are exported as their digits, in every format", async () => {
  const digits = "1152921504606846977";
  const common = { process: 0, f: "write", value: [parseJson(digits), digits] } as const;
  const events: HistoryEvent[] = [{ index: 0, time: 5, type: "invoke", ...common }];
  expect([...jsonl.pieces(events)].join("")).toContain(`"value":[${digits},"${digits}"]`);
  expect([...edn.pieces(events)].join("")).toContain(`:value [${digits}N "${digits}"]`);
  const { value: bytes } = await parquet.pieces(events).next();
  const [row] = await parquetReadObjects({ file: bytes!.buffer as ArrayBuffer });
  expect(row?.["value"]).toBe(`[${digits},"${digits}"]`);
});

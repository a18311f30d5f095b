import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import type { CheckerResult } from "../analysis/checker.ts";
import { type ChosenModel, ModelFit } from "../analysis/chosen-model.ts";
import { modelChecker } from "../analysis/model-checker.ts";
import { listAppend } from "../analysis/transactions/list-append.ts";
import type { HistoryEvent } from "../history/event.ts";
import { guessFormat } from "../history/import/guess-format.ts";
import { writeHistory } from "../history/import/write-history.ts";
import { openHistory, type StoredHistory } from "../history/reader.ts";

/** Histories that others recorded, with their verdicts; see the README there. */
const fixtures = join(import.meta.dirname, "../../shared/fixtures/histories");
const present = existsSync(fixtures);
if (!present) console.warn(`fixtures.test.ts: SKIPPED, as ${fixtures} is not there`);

const folder = mkdtempSync(join(tmpdir(), "keelhaul-fixtures-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Row = Readonly<Record<string, string>>;

function verdicts(collection: string): Row[] {
  if (!present) return [];
  const lines = readFileSync(join(fixtures, collection, "verdicts.tsv"), "utf8")
    .trim()
    .split("\n");
  const [names = [], ...rows] = lines.map((line) => line.split("\t"));
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""])));
}

interface Imported {
  readonly format: string;
  readonly events: HistoryEvent[];
  /** As analysis reads it: converted to our own notation. */
  readonly history: StoredHistory;
}

function imported(collection: string, row: Row): Imported {
  const file = join(fixtures, collection, row["file"]!);
  const format = guessFormat(file);
  const events = Array.from(format.events(file, { independent: false, warn: () => {} }), ({ event }) => event);
  const converted = join(folder, `${collection}-${row["file"]}`.replaceAll("/", "-"));
  writeHistory(converted, events);
  return { format: format.name, events, history: openHistory(converted) };
}

/** The models of the verdicts, as ours. */
const models: Readonly<Record<string, ChosenModel>> = {
  "etcd-cas-register": { name: "cas-register", options: {} },
  "kv-string": { name: "kv-string", options: {} },
  "cas-register": { name: "cas-register", options: { initial: 0, nilReads: "unknown" } },
  "multi-register": { name: "multi-register", options: { initial: { x: 0, y: 0 }, nilReads: "unknown" } },
  mutex: { name: "mutex", options: {} },
};

function expected(row: Row): Pick<CheckerResult, "verdict"> {
  return { verdict: row["linearizable"] === "true" ? "valid" : "invalid" };
}

describe.runIf(present).each([
  ["porcupine-etcd", 55],
  ["knossos", 63],
])("linearizability in %s", (collection, count) => {
  const rows = verdicts(collection);
  it.each(rows.map((row) => [row["file"]!, row] as const))("%s", (_, row) => {
    const { events, history } = imported(collection, row);
    const model = models[row["model"]!]!;
    const operations = events.filter(({ process }) => typeof process === "number");
    const invoked = operations.filter(({ type }) => type === "invoke").length;
    const ended = operations.filter(({ type }) => type === "ok" || type === "fail").length;
    expect([invoked, invoked - ended]).toEqual([Number(row["invokes"]), Number(row["open_at_end"])]);
    const fit = new ModelFit(model);
    expect(events.map((event) => fit.objection(event)).filter((objection) => objection !== null)).toEqual([]);
    expect(modelChecker(model, true).check(history)).toMatchObject(expected(row));
  });

  test("all of them are there", () => expect(rows).toHaveLength(count));
});

describe.runIf(present)("transactions in elle", () => {
  it.each(verdicts("elle").map((row) => [row["file"]!, row] as const))("%s", (_, row) => {
    const { format, history } = imported("elle", row);
    expect(format).toBe("edn");
    const ruledOut = row["models_ruled_out"]!.split(",");
    const serializable = listAppend({ consistency: ["serializable"] }).check(history);
    expect(Object.keys(serializable.anomalies)).toEqual(row["anomalies"]!.split(",").map(withoutSuffix));
    expect(serializable.weakestModelsRuledOut).toEqual(expect.arrayContaining(ruledOut));
    expect(listAppend({ consistency: ["repeatable-read"] }).check(history).verdict).toBe("invalid");
    expect(modelChecker({ name: "list-append", options: {} }).check(history).verdict).toBe("invalid");
    if (row["models_checked"]!.includes("snapshot-isolation")) {
      expect(listAppend({ consistency: ["snapshot-isolation"] }).check(history).verdict).toBe("valid");
    }
  });
});

/** Of Adya's names, "item" tells G2 from its form with predicates; no other class needs that. */
function withoutSuffix(anomaly: string): string {
  return anomaly === "G-single-item" ? "G-single" : anomaly;
}

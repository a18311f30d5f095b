import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../errors/errors.ts";
import { parseWith } from "../errors/parse-with.ts";
import { parseJson } from "./exact-json.ts";
import { runFiles, type TestRecord } from "./test-record.ts";

const texts = z.array(z.string());
const record = z.record(z.string(), z.unknown());

/** What readers rely on. Fields that are not known here are kept: a later release may have written them. */
const testRecord: z.ZodType<TestRecord> = z.looseObject({
  keelhaul: z.string(),
  name: z.string(),
  startedAt: z.iso.datetime({ error: () => "expected a time such as 2026-01-02T03:04:05.678Z" }),
  controller: z.exactOptional(z.string()),
  seed: z.number(),
  command: z.string(),
  options: z.exactOptional(record),
  system: z.string(),
  readMode: z.string(),
  mutant: z.exactOptional(z.looseObject({ id: z.string(), name: z.string(), breaks: z.string() })),
  weaknesses: z.exactOptional(
    z.array(
      z.looseObject({ setting: z.string(), allows: z.string(), instead: z.string(), beside: z.exactOptional(texts) }),
    ),
  ),
  knobs: record,
  world: z.exactOptional(record),
  electionTimeoutMs: z.number(),
  backend: z.string(),
  nodes: texts,
  workloads: texts,
  reads: z.exactOptional(texts),
  checkers: z.exactOptional(texts),
  budgets: z.exactOptional(
    z.looseObject({
      minAnsweredShare: z.exactOptional(z.number()),
      maxRecoveryMs: z.exactOptional(z.number()),
      minChangesMadeShare: z.exactOptional(z.number()),
      maxElectionsPerFault: z.exactOptional(z.number()),
    }),
  ),
  consistency: z.exactOptional(z.string()),
  timeLimitMs: z.number(),
  rate: z.number(),
  concurrency: z.number(),
  changed: z.exactOptional(texts),
  faults: z.array(z.looseObject({ name: z.string(), label: z.string(), color: z.string() })),
  versions: z.looseObject({
    node: z.string(),
    platform: z.string(),
    engine: z.exactOptional(z.string()),
    image: z.exactOptional(z.looseObject({ name: z.string(), id: z.string() })),
    packages: z.exactOptional(z.record(z.string(), z.string())),
  }),
});

/** The plan of a run folder; null for a file, or for a folder that has lost it. Throws UsageError on one that no run wrote. */
export function readTestRecord(folder: string): TestRecord | null {
  return readRecord(join(folder, runFiles.test), testRecord);
}

/** What a JSON file of a run folder holds; null if there is no such file. Throws UsageError if the schema objects. */
export function readRecord<Content>(file: string, schema: z.ZodType<Content>): Content | null {
  if (!existsSync(file)) return null;
  const parsed = parseWith(schema, contentOf(file));
  if (parsed.objection === undefined) return parsed.data;
  const { path, problem } = parsed.objection;
  const place = path.length === 0 ? file : `${file}: ${path.map(String).join(".")}`;
  throw new UsageError(`${place}: ${problem}`);
}

function contentOf(file: string): unknown {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new UsageError(`${file}: ${error.message.replaceAll(/\s+/g, " ")}; expected JSON`, { cause: error });
  }
}

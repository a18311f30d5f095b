import { join } from "node:path";
import { z } from "zod";
import { readRecord } from "../history/read-record.ts";
import { runFiles } from "../history/test-record.ts";
import type { Results } from "./results.ts";
import { verdicts } from "./verdict.ts";

const verdict = z.enum(verdicts);
const cause = z.looseObject({ code: z.string(), reached: z.string(), remedy: z.string() });
const count = z.int().min(0);
const texts = z.array(z.string());

/** What readers rely on; what a checker adds to its answer is its own. */
const results: z.ZodType<Results> = z.looseObject({
  verdict,
  summary: z.string(),
  checkers: z.record(
    z.string(),
    z.looseObject({
      verdict,
      summary: z.string(),
      cause: z.exactOptional(cause),
      attention: z.exactOptional(z.literal(true)),
      warnings: z.exactOptional(texts),
    }),
  ),
  operations: z.looseObject({ ok: count, fail: count, info: count }),
  faults: z.looseObject({ injected: count, effective: count }),
  changes: z.exactOptional(
    z.array(
      z.looseObject({
        ...{ fault: z.string(), tried: count, made: count, triedHealthy: count, madeHealthy: count },
        failedHealthy: texts,
      }),
    ),
  ),
  warnings: texts,
  inconclusive: z.exactOptional(z.array(cause)),
  mutant: z.exactOptional(z.looseObject({ id: z.string(), name: z.string(), detected: z.boolean(), by: texts })),
});

/** The results that are stored in a run folder; null if there are none. Throws UsageError on what no analysis wrote. */
export function readResults(folder: string): Results | null {
  return readRecord(join(folder, runFiles.results), results);
}

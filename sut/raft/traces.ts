import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileLines } from "../../history/file-lines.ts";
import type { TraceCheck } from "../traces.ts";
import { checkTraces } from "./invariants/traces/check.ts";
import { traceFile } from "./node/trace.ts";

/** Holds the invariants against what the nodes of a run traced: `NODE.trace.jsonl` in the folder of its logs. */
export function checkTracesOf(logsFolder: string, nodes: readonly string[]): TraceCheck {
  const files = nodes.map((node) => `${node}.${traceFile}`);
  const missing = files.filter((file) => !existsSync(join(logsFolder, file)));
  if (missing.length > 0) {
    return { steps: 0, violation: null, problem: `there is no ${missing.join(", ")}` };
  }
  return checkTraces(files.map((name) => ({ name, lines: fileLines(join(logsFolder, name)) })));
}

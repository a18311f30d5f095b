import { existsSync } from "node:fs";
import { join } from "node:path";
import { runFiles } from "./test-record.ts";

/** Whether a run wrote this folder, as its `test.json` shows. */
export function isRunFolder(path: string): boolean {
  return existsSync(join(path, runFiles.test));
}

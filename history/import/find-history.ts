import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { HistoryError } from "../history-error.ts";
import { isFile } from "../reader.ts";
import { runFiles } from "../test-record.ts";
import type { ImportFormat } from "./format.ts";
import { guessFormat } from "./guess-format.ts";
import { keelhaul } from "./keelhaul.ts";

export interface HistoryFile {
  readonly file: string;
  readonly format: ImportFormat;
}

const ownFiles = [runFiles.history, runFiles.compressedHistory];
const filesOfFolders = [...ownFiles, "history.edn", "history.txt", "jepsen.log", "test.jepsen"].flatMap((name) => [
  name,
  `${name}.gz`,
  `${name}.zst`,
]);

/**
 * Finds the history that a path names, a file or a folder of a run (ours or Jepsen's), and its notation unless that is
 * given. Throws HistoryError when there is none.
 */
export function findHistory(path: string, format?: ImportFormat): HistoryFile {
  const file = historyFileOf(path);
  const isOurs = file !== path && ownFiles.some((name) => file.endsWith(name));
  return { file, format: format ?? (isOurs ? keelhaul : guessFormat(file)) };
}

/** The file of a history that a path names. Throws HistoryError when there is none. */
export function historyFileOf(path: string): string {
  if (!existsSync(path)) throw new HistoryError(path, 0, "nothing there", "a history file or a run folder");
  if (!statSync(path).isDirectory()) return path;
  const file = filesOfFolders.map((name) => join(path, name)).find(isFile);
  if (file !== undefined) return file;
  throw new HistoryError(
    path,
    0,
    "a folder without a history",
    "history.jsonl, history.edn, history.txt, jepsen.log or test.jepsen in it, or one of them as .gz or .zst",
  );
}

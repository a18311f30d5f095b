import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import type { ImportFormat } from "./format.ts";
import { importFormats } from "./registry.ts";

const headCharacters = 4096;

/** The notation of a file, by how it begins. Throws HistoryError when it is none that is known. */
export function guessFormat(file: string): ImportFormat {
  const head = headOf(file);
  const format = importFormats.find((known) => known.recognizes(head));
  if (format !== undefined) return format;
  const names = importFormats.map(({ name }) => name).join(", ");
  throw new HistoryError(file, 1, `“${head.slice(0, 40)}”`, `a history in one of these formats: ${names}`);
}

function headOf(file: string): string {
  for (const chunk of fileChunks(file)) return chunk.toString("utf8", 0, headCharacters);
  return "";
}

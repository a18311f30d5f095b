import { canonical } from "../canonical.ts";
import { parseJson } from "../exact-json.ts";
import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import { decoded } from "../utf8.ts";
import { toEdn } from "./edn/json.ts";
import type { EdnForm } from "./edn/reader.ts";
import { ednEvents } from "./edn.ts";
import type { ImportFormat } from "./format.ts";
import { jsonObjects } from "./json-objects.ts";

/** Other recorders' events as JSON objects: one a line, or all in one array. */
export const json: ImportFormat = {
  name: "json",
  description: "other recorders' events, and elle-cli's: JSON objects, one a line or in one array",
  independent: true,
  recognizes: (head) => /^\s*(\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:/.test(head),
  events: (file, options) => ednEvents(file, jsonForms(file), options),
};

function* jsonForms(file: string): Generator<EdnForm> {
  for (const { text, line } of jsonObjects(file, decoded(file, fileChunks(file)))) {
    yield { value: toEdn(parsed(text, file, line)), line };
  }
}

function parsed(text: string, file: string, line: number): unknown {
  try {
    return canonical(parseJson(text));
  } catch (error) {
    if (error instanceof RangeError)
      throw new HistoryError(file, line, error.message, "a value that JSON readers keep");
    throw new HistoryError(file, line, `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`, "one JSON object");
  }
}

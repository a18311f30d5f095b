import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import { decoded } from "../utf8.ts";
import { readEdn } from "./edn/reader.ts";
import { ednEvents } from "./edn.ts";
import type { ImportFormat, LocatedEvent } from "./format.ts";

const functions: ReadonlySet<string> = new Set(["get", "put", "append"]);

/** Porcupine's logs of a store of texts: maps of EDN, each with a `:key`. Every key holds a text, at first "". */
export const porcupineKv: ImportFormat = {
  name: "porcupine-kv",
  description: "Porcupine's key-value logs: put, append and get of strings, with a :key on every line",
  recognizes: (head) => /^\s*\{[^}]*:f :(get|put|append)\b[^}]*:key "/.test(head),
  *events(file, options): Generator<LocatedEvent> {
    for (const located of ednEvents(file, readEdn(file, decoded(file, fileChunks(file))), options)) {
      const { f, key } = located.event;
      if (key === undefined) throw new HistoryError(file, located.line, "no :key", "the key of the operation");
      if (!functions.has(f)) throw new HistoryError(file, located.line, `f “:${f}”`, ":get, :put or :append");
      yield located;
    }
  },
};

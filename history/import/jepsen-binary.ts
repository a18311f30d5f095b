import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import type { EdnForm } from "./edn/reader.ts";
import { ednEvents } from "./edn.ts";
import type { ImportFormat } from "./format.ts";
import { jepsenOperations } from "./fressian/jepsen-file.ts";
import { FressianError } from "./fressian/reader.ts";

/** Jepsen's `test.jepsen`: blocks of Fressian, by `jepsen.store.format`. Its history is read, and nothing else of it. */
export const jepsenBinary: ImportFormat = {
  name: "jepsen-binary",
  description: "Jepsen's test.jepsen: the history in it",
  independent: true,
  nilReadsSayNothing: true,
  recognizes: (head) => head.startsWith("JEPSEN"),
  events: (file, options) => ednEvents(file, operations(file), options),
};

/** An operation's number stands for its line. */
function* operations(file: string): Generator<EdnForm> {
  let line = 0;
  try {
    const bytes = Buffer.concat(Array.from(fileChunks(file), (chunk) => Buffer.from(chunk)));
    for (const value of jepsenOperations(bytes)) yield { value, line: ++line };
  } catch (error) {
    if (!(error instanceof FressianError)) throw error;
    const remedy = "a whole test.jepsen; else give the history.edn or history.txt beside it";
    throw new HistoryError(file, line, error.message, remedy);
  }
}

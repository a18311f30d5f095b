import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import { decoded } from "../utf8.ts";
import { Assembler } from "./assembler.ts";
import { EdnEvents } from "./edn/event.ts";
import type { ImportFormat, LocatedEvent } from "./format.ts";
import { jepsenLineEvent } from "./jepsen-line.ts";
import { textLines } from "./text-lines.ts";

/** Jepsen's `history.txt`: `7 :invoke :cas [5 6]`, with tabs between, and behind the value an error. */
export const jepsenTxt: ImportFormat = {
  name: "jepsen-txt",
  description: "Jepsen's history.txt: process :type :f value, separated by tabs",
  independent: true,
  nilReadsSayNothing: true,
  recognizes: (head) => /^\s*(\d+|:\S+|nil)\s+:(invoke|ok|fail|info)\s+:\S+/.test(head),
  *events(file, { independent, warn }): Generator<LocatedEvent> {
    const events = new EdnEvents(file, independent);
    const assembler = new Assembler(file);
    let hasError = false;
    for (const { text, line } of textLines(decoded(file, fileChunks(file)))) {
      const event = jepsenLineEvent(events, text.replace(/^\ufeff/, "").trim(), file, line);
      if (event !== null) yield assembler.add(event);
      // An error may go on over several lines, as a stack trace does.
      else if (text.trim() !== "" && !hasError) throw notPrinted(file, line, text);
      if (event !== null) hasError = event.error !== undefined;
    }
    for (const warning of assembler.warnings()) warn(warning);
  },
};

function notPrinted(file: string, line: number, text: string): HistoryError {
  return new HistoryError(file, line, `“${text.slice(0, 60)}”`, "process :invoke|:ok|:fail|:info :f value");
}

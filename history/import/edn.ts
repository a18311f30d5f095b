import { fileChunks } from "../file-chunks.ts";
import { decoded } from "../utf8.ts";
import { Assembler } from "./assembler.ts";
import { EdnEvents } from "./edn/event.ts";
import { type EdnForm, readEdn } from "./edn/reader.ts";
import type { FormatOptions, ImportFormat, LocatedEvent } from "./format.ts";

/** Jepsen's `history.edn`: maps, one a line or all in one collection. */
export const edn: ImportFormat = {
  name: "edn",
  description: "EDN of Jepsen, Knossos and Elle: one map per line, or one collection of maps",
  independent: true,
  nilReadsSayNothing: true,
  recognizes: (head) => /^\s*([[({;]|#[_\w])/.test(head),
  events: (file, options) => ednEvents(file, readEdn(file, decoded(file, fileChunks(file))), options),
};

/** Stands before the first operation that is marked as final. */
const beginsFinalReads = { process: "controller", type: "info", f: "final-reads" } as const;

/** The events that forms of EDN tell. */
export function* ednEvents(
  file: string,
  forms: Iterable<EdnForm>,
  { independent, warn }: FormatOptions,
): Generator<LocatedEvent> {
  const events = new EdnEvents(file, independent);
  const assembler = new Assembler(file);
  let isOver = false;
  for (const form of forms) {
    const { event, isFinal } = events.read(form);
    if (isFinal && !isOver) {
      isOver = true;
      const { line, time } = event;
      yield assembler.add({ line, ...(time === undefined ? {} : { time }), ...beginsFinalReads });
    }
    yield assembler.add(event);
  }
  for (const warning of assembler.warnings()) warn(warning);
}

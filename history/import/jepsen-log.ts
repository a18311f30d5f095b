import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import { decoded } from "../utf8.ts";
import { Assembler } from "./assembler.ts";
import { EdnEvents } from "./edn/event.ts";
import type { ImportFormat, LocatedEvent } from "./format.ts";
import { jepsenLineEvent } from "./jepsen-line.ts";
import { textLines } from "./text-lines.ts";
import { Times } from "./times.ts";

/** `2026-01-02 12:00:01,234{GMT}	INFO	[jepsen worker 3] jepsen.util: 3	:invoke	:read	nil`. */
const operation = /\bjepsen\.util(?::| -)\s+(.*)$/s;
const stamp = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[,.](\d{3})/;

/** Jepsen's `jepsen.log`: the lines in which it logs operations; what else it logs is passed over. */
export const jepsenLog: ImportFormat = {
  name: "jepsen-log",
  description: "Jepsen's jepsen.log: the lines that log operations",
  independent: true,
  nilReadsSayNothing: true,
  recognizes: (head) => /^(\d{4}-\d\d-\d\d[ T]\S+\s+)?(\[.*?\]\s+)?(INFO|WARN|DEBUG|ERROR)\b.*\bjepsen\./m.test(head),
  *events(file, { independent, warn }): Generator<LocatedEvent> {
    const events = new EdnEvents(file, independent);
    const assembler = new Assembler(file);
    const times = new Times();
    let operations = 0;
    for (const { text, line } of textLines(decoded(file, fileChunks(file)))) {
      const [, logged] = operation.exec(text) ?? [];
      const event = logged === undefined ? null : jepsenLineEvent(events, logged, file, line);
      if (event === null) continue;
      operations++;
      yield assembler.add({ ...event, ...timeOf(text, times) });
    }
    if (operations === 0) throw new HistoryError(file, 0, "a log of Jepsen without operations", "its history as well");
    for (const warning of assembler.warnings()) warn(warning);
  },
};

function timeOf(text: string, times: Times): { time?: number } {
  const [, day, second, ms] = stamp.exec(text) ?? [];
  if (day === undefined) return {};
  return { time: times.sinceFirst(BigInt(Date.parse(`${day}T${second}.${ms}Z`)) * 1_000_000n) };
}

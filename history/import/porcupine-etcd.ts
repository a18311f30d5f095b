import type { HistoryEvent } from "../event.ts";
import { fileChunks } from "../file-chunks.ts";
import { HistoryError } from "../history-error.ts";
import { decoded } from "../utf8.ts";
import { Assembler, type ForeignEvent } from "./assembler.ts";
import { EdnToJson } from "./edn/json.ts";
import { parseEdn } from "./edn/reader.ts";
import { isKind } from "./edn/value.ts";
import type { ImportFormat, LocatedEvent } from "./format.ts";
import { textLines } from "./text-lines.ts";

/**
 * The log of a Jepsen test of etcd, as Porcupine's tests have it: `INFO  jepsen.util - 7 :invoke :cas [5 6]`. One
 * register, at first absent. A compare-and-set that failed was refused by the register, which therefore held another
 * value.
 */
export const porcupineEtcd: ImportFormat = {
  name: "porcupine-etcd",
  description: "Porcupine's etcd logs, of Jepsen tests of one register: INFO jepsen.util - process :type :f value",
  recognizes: (head) => /^\s*INFO\s+jepsen\.util\s+-/.test(head),
  *events(file, { warn }): Generator<LocatedEvent> {
    const assembler = new Assembler(file);
    const json = new EdnToJson();
    for (const { text, line } of textLines(decoded(file, fileChunks(file)))) {
      if (text.trim() !== "") yield assembler.add(eventOf(text, json, file, line));
    }
    for (const warning of assembler.warnings()) warn(warning);
  },
};

const logLine = /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.*\S)\s*$/;
const expected = "INFO jepsen.util - process :invoke|:ok|:fail|:info :read|:write|:cas value";

function eventOf(text: string, json: EdnToJson, file: string, line: number): ForeignEvent {
  const [, process, type, f, operand] = logLine.exec(text) ?? [];
  if (process === undefined || type === undefined || f === undefined || operand === undefined) {
    throw new HistoryError(file, line, `“${text.slice(0, 60)}”`, expected);
  }
  return {
    line,
    process: Number(process),
    type: type as HistoryEvent["type"],
    f,
    ...told(operand, type === "fail" && f === "cas", json, file, line),
  };
}

/** A keyword in the place of the value says why there is none. */
function told(
  operand: string,
  refused: boolean,
  json: EdnToJson,
  file: string,
  line: number,
): Pick<HistoryEvent, "value" | "error"> {
  const value = parseEdn(file, line, operand);
  if (isKind(value, "keyword")) return { error: value.name };
  return { value: json.json(value), ...(refused ? { error: "cas-mismatch" } : {}) };
}

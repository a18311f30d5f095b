import { HistoryError } from "../history-error.ts";
import type { ForeignEvent } from "./assembler.ts";
import type { EdnEvents } from "./edn/event.ts";
import { parseEdn, parseEdnPrefix } from "./edn/reader.ts";
import { type EdnValue, isKind } from "./edn/value.ts";

/** An operation as Jepsen prints it for people: process, type, function, value and error, between tabs or spaces. */
const printed = /^(\d+|:\S+|nil)\s+:(invoke|ok|fail|info)\s+(\S+)(?:\s+(\S.*?))?\s*$/s;

/** A line that tells of an operation as an event; null for another. Throws HistoryError on a value that is none. */
export function jepsenLineEvent(events: EdnEvents, text: string, file: string, line: number): ForeignEvent | null {
  const [, process, type, f, rest = "nil"] = printed.exec(text) ?? [];
  if (process === undefined || type === undefined || f === undefined) return null;
  const isClient = /^\d/.test(process);
  const { value, error } = isClient ? clientSaid(rest, type, file, line) : { value: anything(rest), error: undefined };
  const fields: readonly (readonly [name: string, value: EdnValue | undefined])[] = [
    ["process", parseEdn(file, line, process)],
    ["type", keyword(type)],
    ["f", keyword(f.replace(/^:/, ""))],
    ["value", value],
    ["error", error],
  ];
  const entries = fields.flatMap(([name, held]) => (held === undefined ? [] : [[keyword(name), held] as const]));
  return events.event({ value: { kind: "map", entries }, line });
}

/** A keyword in the place of the value of an operation that did not succeed says why. */
function clientSaid(text: string, type: string, file: string, line: number): { value?: EdnValue; error?: EdnValue } {
  const { value, rest } = parseEdnPrefix(file, line, text);
  if (rest.trim() !== "") return { value, error: anything(rest) };
  return isKind(value, "keyword") && (type === "fail" || type === "info") ? { error: value } : { value };
}

/** Text that is one value as that, and else as text. */
function anything(text: string): EdnValue {
  try {
    return parseEdn("", 1, text);
  } catch (error) {
    if (error instanceof HistoryError) return text.trim();
    throw error;
  }
}

function keyword(name: string): EdnValue {
  return { kind: "keyword", name };
}

import { canonical } from "./canonical.ts";
import { annotators, type HistoryEvent } from "./event.ts";
import { digitsOf, formatJson, isExactNumber, parseJson, plainText } from "./exact-json.ts";
import { HistoryError } from "./history-error.ts";

/** One line of a history as an event, its values as `parseJson` keeps them. Throws HistoryError on anything else. */
export function parseEvent(text: string, file: string, line: number): HistoryEvent {
  const event = parseLine(text, file, line);
  const wrong = firstWrongField(event);
  if (wrong !== null) throw new HistoryError(file, line, wrong.found, wrong.expected);
  return event as HistoryEvent;
}

/** Whether the text is JSON at all; a line that was cut is not. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseLine(text: string, file: string, line: number): unknown {
  try {
    return normalized(parseJson(text));
  } catch (error) {
    const [found, expected] =
      error instanceof RangeError
        ? [error.message, "a value that JSON readers keep"]
        : [excerpt(text), "one JSON object"];
    throw new HistoryError(file, line, found, expected);
  }
}
/** What is no value of an operation needs no exact numbers; values that are equal get equal JSON. */
function normalized(parsed: unknown): unknown {
  if (typeof parsed !== "object" || parsed === null) return parsed;
  const event = parsed as Record<string, unknown>;
  for (const name of textFields) {
    const text = event[name];
    if (typeof text === "string" && text.startsWith("'")) event[name] = plainText(text);
  }
  for (const name of timeFields) {
    const time = event[name];
    if (isExactNumber(time)) event[name] = Number(digitsOf(time));
  }
  // Other recorders have other names for whoever injects faults.
  if (typeof event["process"] === "string" && !isProcess(event["process"])) event["process"] = "nemesis";
  if (typeof event["process"] === "number" && "value" in event) event["value"] = canonical(event["value"]);
  return event;
}

const textFields = ["f", "key", "node", "error", "detail"] as const;
const timeFields = ["time", "intendedNs"] as const;

/** Written by hand because it runs once a line: a schema library costs more than parsing the line does. */
const fields: readonly (readonly [name: string, fits: (value: unknown) => boolean, expected: string])[] = [
  ["index", isCount, "an index: a whole number from 0"],
  ["time", isTime, "a time: nanoseconds from 0"],
  ["process", isProcess, `a process: a whole number from 0, or one of ${annotators.join(", ")}`],
  ["type", isType, "a type: invoke, ok, fail or info"],
  ["f", isString, "an f: a string"],
  ["key", isOptionalString, "a key: a string"],
  ["node", isOptionalString, "a node: a string"],
  ["error", isOptionalString, "an error: a string"],
  ["detail", isOptionalString, "a detail: a string"],
  ["intendedNs", isOptionalTime, "an intendedNs: nanoseconds from 0"],
];

function firstWrongField(event: unknown): { found: string; expected: string } | null {
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    return { found: excerpt(formatJson(event)), expected: "one JSON object" };
  }
  const record = event as Record<string, unknown>;
  const wrong = fields.find(([name, fits]) => !fits(record[name]));
  if (wrong === undefined) return null;
  const [name, , expected] = wrong;
  return { found: name in record ? `${name} ${excerpt(formatJson(record[name]))}` : `no ${name}`, expected };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

function isOptionalTime(value: unknown): boolean {
  return value === undefined || isTime(value);
}

function isProcess(value: unknown): boolean {
  return isCount(value) || (annotators as readonly unknown[]).includes(value);
}

function isType(value: unknown): boolean {
  return value === "invoke" || value === "ok" || value === "fail" || value === "info";
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function excerpt(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return shown === "" ? "an empty line" : `“${shown}”`;
}

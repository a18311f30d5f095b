import type { EventType } from "../event.ts";
import { type EdnValue, isKind } from "./edn/value.ts";

/** What an event can say, each by our name for it and by those that other recorders have. The first that is there counts. */
const namesOf = {
  index: ["index", "idx"],
  time: ["time", "timestamp", "ts", "time_ns", "timeNs", "timestamp_ns"],
  timeUs: ["time_us", "timeUs", "timestamp_us", "micros"],
  timeMs: ["time_ms", "timeMs", "timestamp_ms", "millis"],
  process: ["process", "proc", "client", "client_id", "clientId", "ClientId", "worker", "thread", "pid"],
  type: ["type", "kind", "event", "status", "outcome", "phase"],
  f: ["f", "op", "operation", "function", "method", "action", "command", "cmd"],
  key: ["key", "k", "Key"],
  value: ["value", "val", "v", "Value"],
  asked: ["input", "Input", "args", "arg", "argument", "arguments", "request"],
  answered: ["output", "Output", "result", "ret", "return_value", "response", "answer"],
  error: ["error", "err", "reason"],
  node: ["node", "server", "host"],
  intendedNs: ["intendedNs"],
  final: ["final?", "final"],
} as const satisfies Record<string, readonly string[]>;
export type FieldName = keyof typeof namesOf;

/** The fields of a map, by name; keywords and texts serve alike. */
export type Fields = ReadonlyMap<string, EdnValue>;

/** The field, and what it is called there; undefined where there is none. */
export function field(fields: Fields, name: FieldName): EdnValue | undefined {
  for (const known of namesOf[name]) {
    const value = fields.get(known);
    if (value !== undefined) return value;
  }
  return undefined;
}

const typeNames: Readonly<Record<EventType, readonly string[]>> = {
  invoke: ["invoke", "invoked", "invocation", "call", "start", "begin", "request"],
  ok: ["ok", "success", "succeeded", "complete", "completed", "return", "returned", "response", "end"],
  fail: ["fail", "failed", "failure", "aborted", "rejected"],
  info: ["info", "unknown", "indeterminate", "timeout", "error", "crash"],
};
const types = new Map(
  Object.entries(typeNames).flatMap(([type, names]) => names.map((name) => [name, type as EventType] as const)),
);

/** What the first field says that is a type, in capitals or not; undefined where none is. */
export function typeOf(fields: Fields): EventType | undefined {
  return namesOf.type.map((name) => typeNamed(fields.get(name))).find((type) => type !== undefined);
}

/** Where a recorder calls the function the type of its operations, there is no other field of that name. */
export function functionOf(fields: Fields): EdnValue | undefined {
  const type = fields.get("type");
  return field(fields, "f") ?? (typeNamed(type) === undefined ? type : undefined);
}

function typeNamed(value: EdnValue | undefined): EventType | undefined {
  const name = isKind(value, "keyword") ? value.name : value;
  return typeof name === "string" ? types.get(name.toLowerCase()) : undefined;
}

import type { EdnToJson } from "./json.ts";
import { nameOf } from "./names.ts";
import { type EdnValue, isKind, isVector } from "./value.ts";

const withSteps: readonly string[] = ["send", "poll", "txn"];
const assignments: readonly string[] = ["assign", "subscribe"];

/**
 * The value of an operation on logs, as `jepsen.tests.kafka` has them: steps `[:send key value]`, `[:poll]` and
 * `[:poll {key [[offset value] …]}]`, or the keys that a consumer is assigned. Keys go by the names that they have in
 * the whole file. Undefined: it is no such operation.
 */
export function logValue(
  f: string,
  value: EdnValue | undefined,
  keyName: (key: EdnValue) => string,
  json: EdnToJson,
): unknown {
  const items = itemsOf(value);
  if (items === null) return undefined;
  if (assignments.includes(f)) return items.map(keyName);
  if (!withSteps.includes(f)) return undefined;
  const steps = items.map((item) => stepOf(item, keyName, json));
  return steps.length > 0 && steps.every((step) => step !== null) ? steps : undefined;
}

function stepOf(form: EdnValue, keyName: (key: EdnValue) => string, json: EdnToJson): unknown[] | null {
  const [kind, key, operand, ...more] = itemsOf(form) ?? [];
  if (kind === undefined || more.length > 0 || !(isKind(kind, "keyword") || typeof kind === "string")) return null;
  const name = nameOf(kind);
  if (name === "send" && key !== undefined && operand !== undefined) return ["send", keyName(key), json.json(operand)];
  if (name !== "poll" || operand !== undefined) return null;
  if (!isKind(key, "map")) return key === undefined || key === null ? ["poll"] : null;
  return ["poll", Object.fromEntries(key.entries.map(([of, pairs]) => [keyName(of), json.json(pairs)]))];
}

function itemsOf(value: EdnValue | undefined): readonly EdnValue[] | null {
  if (isVector(value)) return value;
  return isKind(value, "list") || isKind(value, "set") ? value.items : null;
}

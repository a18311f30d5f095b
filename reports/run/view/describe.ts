import type { OperationView } from "../../../analysis/results.ts";
import { digitsOf, isExactNumber, plainText } from "../../../history/exact-json.ts";

/** How many elements of a list, and characters of all, a drawing and a table have room for. */
export interface Room {
  readonly elements: number;
  readonly characters: number;
}

export const drawn: Room = { elements: 4, characters: 44 };
const tabled: Room = { elements: 60, characters: 600 };

type Described = Pick<OperationView, "f" | "value" | "outcome">;

/** `write 41`, `read → 41`, `cas 41→44`, `r x=[1 2], append x 3`. */
export function describeOperation(operation: Described, room: Room = tabled): string {
  return cut(describe(operation, room), room.characters);
}

/** A value in short: `[1 2 3]`, `{a: 1}`, and of a long list both ends and its length. */
export function formatValue(value: unknown, room: Room = tabled): string {
  if (value === null || value === undefined) return "absent";
  if (Array.isArray(value)) return formatList(value, room);
  if (typeof value === "string") return isExactNumber(value) ? digitsOf(value) : plainText(value);
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).map(([name, held]) => `${name}: ${formatValue(held, room)}`);
  return `{${ends(entries, room.elements, ", ")}}`;
}

function describe({ f, value, outcome }: Described, room: Room): string {
  if (isMicroOps(value)) return value.map((step) => describeStep(step, outcome, room)).join(", ");
  if (f === "read") return outcome === "ok" ? `read → ${formatValue(value, room)}` : "read";
  if (f === "cas" && Array.isArray(value)) return `cas ${value.map((each) => formatValue(each, room)).join("→")}`;
  return value === null || value === undefined ? f : `${f} ${formatValue(value, room)}`;
}

type MicroOp = readonly [f: string, key: unknown, value: unknown];

/** Transactions are lists of steps such as `["r", "x", [1, 2]]`. */
function isMicroOps(value: unknown): value is readonly MicroOp[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((step) => Array.isArray(step) && step.length === 3 && typeof step[0] === "string")
  );
}

function describeStep([f, key, value]: MicroOp, outcome: OperationView["outcome"], room: Room): string {
  if (f !== "r") return `${f} ${formatValue(key, room)} ${formatValue(value, room)}`;
  return outcome === "ok" ? `r ${formatValue(key, room)}=${formatValue(value, room)}` : `r ${formatValue(key, room)}`;
}

function formatList(list: readonly unknown[], room: Room): string {
  const elements = list.map((element) => formatValue(element, room));
  return `[${ends(elements, room.elements, " ")}]${list.length > room.elements ? ` (${list.length})` : ""}`;
}

function ends(parts: readonly string[], most: number, separator: string): string {
  if (parts.length <= most) return parts.join(separator);
  return [...parts.slice(0, most >> 1), "…", ...parts.slice(-(most >> 1))].join(separator);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

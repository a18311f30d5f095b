import type { HistoryEvent } from "../event.ts";
import { toEdn, toEdnName } from "../import/edn/json.ts";
import { printEdn } from "../import/edn/print.ts";
import type { EdnValue } from "../import/edn/value.ts";
import type { ExportFormat } from "./format.ts";

/** What Jepsen, Knossos and Elle read. */
export const edn = {
  name: "edn",
  description: "one EDN map per line, for Jepsen, Knossos and Elle",
  extension: "edn",
  *pieces(events) {
    for (const event of events) yield `${printEdn(mapOf(event))}\n`;
  },
} as const satisfies ExportFormat;

function mapOf({ process, type, f, key, value, error, ...rest }: HistoryEvent): EdnValue {
  const fields: [name: string, value: EdnValue | undefined][] = [
    ["index", rest.index],
    ["time", Math.round(rest.time)],
    ["process", typeof process === "number" ? process : { kind: "keyword", name: process }],
    ["type", { kind: "keyword", name: type }],
    ["f", toEdnName(f)],
    ["key", key],
    ["value", value === undefined ? undefined : typeof process === "number" ? operand(f, value) : toEdn(value)],
    ["node", rest.node],
    ["error", error === undefined ? undefined : toEdnName(error)],
    ["intendedNs", rest.intendedNs],
  ];
  const entries = fields.flatMap(([name, held]): [EdnValue, EdnValue][] =>
    held === undefined ? [] : [[{ kind: "keyword", name }, held]],
  );
  return { kind: "map", entries };
}

/** Elle knows the steps of a transaction by keywords. */
function operand(f: string, value: unknown): EdnValue {
  if (f !== "txn" || !Array.isArray(value)) return toEdn(value);
  return value.map((step: unknown) => {
    if (!Array.isArray(step) || step.length !== 3 || typeof step[0] !== "string") return toEdn(step);
    const [kind, key, value] = step as [string, unknown, unknown];
    return [toEdnName(kind), typeof key === "string" ? key : toEdn(key), toEdn(value)];
  });
}

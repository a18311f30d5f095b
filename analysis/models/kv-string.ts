import { isExactNumber, plainText } from "../../history/exact-json.ts";
import { show } from "../words.ts";
import { family, illegal, type Model, type ModelOperation, type TimedOperation, unknownFunction } from "./model.ts";

/**
 * A string, or only its end: `open` when what stands before is not known. Open states serve to begin in the middle of
 * a history, where every string would be too many.
 */
interface Text {
  readonly text: string;
  readonly open: boolean;
}

const functions = ["get", "read", "put", "write", "append"];

/** A string a key, at first "". */
export const kvStringModel = family(
  "kv-string",
  "one string per key: put (or write), append, get (or read)",
  ({ initial, nilReads }): Model<Text> => ({
    name: "kv-string",
    init: { text: (initial ?? "") as string, open: false },
    step,
    isPure: isGet,
    objection: (operation) => unknownFunction(operation, functions) ?? malformed(operation),
    saysNothing: (operation) => isGet(operation) && operation.value === null && nilReads === "unknown",
    anyState: { text: "", open: true },
    impossible: (operations) => notMadeOfParts(operations, (initial ?? "") as string),
    identity: ({ text, open }) => `${open ? "…" : "="}${text}`,
    describeState: ({ text, open }) => `the key holds ${open ? "a text that ends in " : ""}${quoted(text)}`,
    tell: (operation) =>
      isGet(operation)
        ? `read ${quoted(textOf(operation))}`
        : `${operation.f === "append" ? "appended" : "wrote"} ${quoted(textOf(operation))}`,
    whyNot: (state, operation) => `needs ${quoted(textOf(operation))}, the key holds ${quoted(state.text)}`,
  }),
);

function step(state: Text, operation: ModelOperation): Text | typeof illegal {
  const value = textOf(operation);
  if (operation.f === "append") return { text: state.text + value, open: state.open };
  if (!isGet(operation)) return { text: value, open: false };
  const fits = state.open ? value.endsWith(state.text) : value === state.text;
  return fits ? { text: value, open: false } : illegal;
}

function isGet({ f }: ModelOperation): boolean {
  return f === "get" || f === "read";
}

/** What was read, or written. No value is the empty string. */
function textOf(operation: ModelOperation): string {
  const value = (isGet(operation) ? operation.value : operation.asked) ?? "";
  return (typeof value === "string" ? plainText(value) : value) as string;
}

function malformed(operation: ModelOperation): string | null {
  if (isGet(operation) && operation.outcome !== "ok") return null;
  const value = isGet(operation) ? operation.value : operation.asked;
  return typeof textOf(operation) === "string" && !isExactNumber(value) ? null : "a value is no text";
}

/** A text read ends in the initial text, or in the last text that was put or appended, unless that was empty. */
function notMadeOfParts(
  operations: readonly TimedOperation[],
  initial: string,
): { operations: number[]; why: string } | null {
  const parts = operations.filter((operation) => !isGet(operation)).map(textOf);
  const ends = new Set([initial, ...parts]);
  for (const [place, operation] of operations.entries()) {
    const text = textOf(operation);
    if (!isGet(operation) || ends.has(text) || [...ends].some((end) => text.endsWith(end))) continue;
    return { operations: [place], why: `nobody wrote or appended the end of ${show(text)}` };
  }
  return null;
}

/** Long texts are told by their end, where histories differ. */
function quoted(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : `…${JSON.stringify(text.slice(-60))}`;
}

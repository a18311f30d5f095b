import { inspect } from "node:util";

const longest = 100;

/** A value as error messages show it: on one line, and not longer than a line. */
export function quote(value: unknown): string {
  const text = asText(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** As JSON, which is how values are typed; what JSON cannot say comes from a program, and is shown as code. */
function asText(value: unknown): string {
  if (typeof value === "function") return `function ${value.name}`.trim();
  const hasJson = typeof value !== "number" || Number.isFinite(value);
  try {
    return (hasJson ? JSON.stringify(value) : undefined) ?? inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  } catch {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1 });
  }
}

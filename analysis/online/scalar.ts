/** A value that a register can hold and a map can tell apart as JSON does; null is the absent value. */
export type Scalar = string | number | boolean | null;

/** The value, or undefined where a register check cannot judge it: lists, objects, numbers that JSON does not keep. */
export function scalar(value: unknown): Scalar | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : value;
}

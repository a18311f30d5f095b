import type { Json } from "./commands.ts";

/** A character takes at most six bytes of JSON: a control character, written as \u0000. */
const mostBytesPerCharacter = 6;

/** Size of the value as JSON in UTF-8. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Whether the value takes more bytes as JSON than the limit; a text that is short enough anyway is not measured. */
export function isLargerThan(limitBytes: number, value: Json): boolean {
  if (typeof value === "string" && 2 + mostBytesPerCharacter * value.length <= limitBytes) return false;
  return jsonBytes(value) > limitBytes;
}

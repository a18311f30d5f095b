import type { Json } from "./commands.ts";
import type { Session } from "./sessions.ts";

/**
 * A snapshot is lines of JSON, so that everyone can read one: the format, what each key holds, the sessions from the
 * least recently used on, and the end with the number of rows before it. JSON gives back every value exactly.
 */
export type SnapshotRow =
  | readonly ["keelhaul-kv", version: typeof snapshotVersion]
  | readonly ["value", key: string, value: Json]
  | readonly ["session", id: number, sequence: number, answer: Session["answer"]]
  | readonly ["end", lastSessionId: number, rows: number];

export const snapshotVersion = 1;

export const lineFeed = 0x0a;

export function encodeRow(row: SnapshotRow): string {
  return `${JSON.stringify(row)}\n`;
}

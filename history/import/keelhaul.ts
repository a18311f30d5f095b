import { StoredHistory } from "../reader.ts";
import type { ImportFormat, LocatedEvent } from "./format.ts";

/** Our own: JSON lines, also compressed. */
export const keelhaul: ImportFormat = {
  name: "keelhaul",
  description: "Keelhaul's own history.jsonl or history.jsonl.zst",
  recognizes: (head) => /^\s*(\{\s*"|$)/.test(head),
  *events(file, { warn }): Generator<LocatedEvent> {
    const history = new StoredHistory(file);
    let line = 0;
    for (const event of history) yield { event, line: ++line };
    for (const warning of history.warnings) warn(warning);
  },
};

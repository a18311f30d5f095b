import { isJson } from "../parse-event.ts";
import { StoredHistory } from "../reader.ts";
import type { ImportFormat, LocatedEvent } from "./format.ts";

/** How each line begins, or the last one that was cut. */
const ownLine = /^\{"index":\d+,"time":[\d.e+]+,"process":/;

/** Whether a line is a whole event, but none as we write them. */
function isForeign(line: string): boolean {
  if (line === "" || ownLine.test(line)) return false;
  return isJson(line) && line.startsWith("{");
}

/** Our own: JSON lines, also compressed. */
export const keelhaul: ImportFormat = {
  name: "keelhaul",
  description: "Keelhaul's own history.jsonl or history.jsonl.zst",
  recognizes: (head) => head.trim() === "" || (ownLine.test(head) && !head.split("\n").some(isForeign)),
  *events(file, { warn }): Generator<LocatedEvent> {
    const history = new StoredHistory(file);
    let line = 0;
    for (const event of history) yield { event, line: ++line };
    for (const warning of history.warnings) warn(warning);
  },
};

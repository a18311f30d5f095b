import type { NodeRecord } from "../history/annotations.ts";
import type { HistoryEvent } from "../history/event.ts";

/** What the observer saw of a node, where that is what the event tells. */
export function nodeLook({ process, f, value }: HistoryEvent): NodeRecord | null {
  return process === "observer" && f === "node" && isNodeRecord(value) ? value : null;
}

function isNodeRecord(value: unknown): value is NodeRecord {
  return typeof value === "object" && value !== null && "node" in value && "role" in value;
}

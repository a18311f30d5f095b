import { formatEvent } from "../writer.ts";
import type { ExportFormat } from "./format.ts";

/** Keelhaul's own notation, not compressed. */
export const jsonl: ExportFormat = {
  name: "jsonl",
  description: "JSON, an event a line, as Keelhaul records",
  extension: "jsonl",
  *pieces(events) {
    for (const event of events) yield formatEvent(event);
  },
};

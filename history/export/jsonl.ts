import { formatEvent } from "../writer.ts";
import type { ExportFormat } from "./format.ts";

/** Keelhaul's own notation, not compressed. */
export const jsonl = {
  name: "jsonl",
  description: "one JSON object per line, as Keelhaul records them",
  extension: "jsonl",
  *pieces(events) {
    for (const event of events) yield formatEvent(event);
  },
} as const satisfies ExportFormat;

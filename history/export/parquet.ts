import type { HistoryEvent } from "../event.ts";
import { formatJson } from "../exact-json.ts";
import type { ExportFormat } from "./format.ts";

/** A column of the table: its Parquet type, and the event's field; null where an event has none. */
interface Column {
  readonly name: string;
  readonly type: "INT64" | "STRING";
  readonly of: (event: HistoryEvent) => bigint | string | null;
}

const columns: readonly Column[] = [
  { name: "index", type: "INT64", of: (event) => BigInt(event.index) },
  { name: "time", type: "INT64", of: (event) => BigInt(Math.round(event.time)) },
  { name: "process", type: "STRING", of: (event) => String(event.process) },
  { name: "type", type: "STRING", of: (event) => event.type },
  { name: "f", type: "STRING", of: (event) => event.f },
  { name: "key", type: "STRING", of: (event) => event.key ?? null },
  { name: "value", type: "STRING", of: (event) => (event.value === undefined ? null : formatJson(event.value)) },
  { name: "node", type: "STRING", of: (event) => event.node ?? null },
  { name: "error", type: "STRING", of: (event) => event.error ?? null },
];

/**
 * A table for DuckDB, pandas and the like: a row an event, values as JSON text. Held in memory until it is complete.
 * Its writer is loaded when it is needed, so that help does not wait for it.
 */
export const parquet = {
  name: "parquet",
  description: "a table for DuckDB and pandas, with values as JSON text",
  extension: "parquet",
  async *pieces(events) {
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const rows = [...events];
    const columnData = columns.map(({ name, type, of }) => ({ name, type, nullable: true, data: rows.map(of) }));
    yield new Uint8Array(parquetWriteBuffer({ columnData }));
  },
} as const satisfies ExportFormat;

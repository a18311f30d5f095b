import { edn } from "./edn.ts";
import type { ExportFormat } from "./format.ts";
import { jsonl } from "./jsonl.ts";
import { parquet } from "./parquet.ts";

/** Every notation that can be written; `--format` takes these names. */
export const exportFormats = [jsonl, edn, parquet] as const satisfies readonly ExportFormat[];

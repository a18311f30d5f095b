import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UsageError } from "../../errors/errors.ts";
import { unknownName } from "../../errors/suggest.ts";
import { requireHistoryWithin } from "../../history/decompressed-size.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { exportFormats } from "../../history/export/registry.ts";
import { findHistory, historyFileOf } from "../../history/import/find-history.ts";
import type { LocatedEvent } from "../../history/import/format.ts";
import { readMaxHistoryBytes } from "../analyze/flags.ts";
import { visibleLine } from "../visible.ts";

interface ExportFlags {
  readonly format: string;
  readonly output?: string;
  readonly maxHistoryBytes?: string;
}

/** `keelhaul export`: a history in a notation that other tools read. */
export async function runExportCommand(run: string, flags: ExportFlags): Promise<void> {
  const format = exportFormats.find(({ name }) => name === flags.format);
  if (format === undefined) {
    const names = exportFormats.map(({ name }) => name);
    throw new UsageError(`--format: ${unknownName(flags.format, names, `one of ${names.join(", ")}`)}`);
  }
  await requireHistoryWithin(historyFileOf(run), readMaxHistoryBytes(flags.maxHistoryBytes));
  const source = findHistory(run);
  const warnings: string[] = [];
  const options = { independent: false, warn: (warning: string) => void warnings.push(warning) };
  const located = source.format.events(source.file, options);
  const pieces = Readable.from(format.pieces(eventsOf(located)));
  if (flags.output === undefined) await pipeline(pieces, process.stdout, { end: false }).catch(unlessReadEnough);
  else await writeNew(pieces, flags.output);
  for (const warning of warnings) process.stderr.write(`keelhaul: ${visibleLine(warning)}\n`);
}

/** Whoever reads standard output may stop early (`| head`). */
function unlessReadEnough(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function* eventsOf(located: Iterable<LocatedEvent>): Generator<HistoryEvent> {
  for (const { event } of located) yield event;
}

/** An existing file is not overwritten: it might be the history itself. */
function writeNew(pieces: Readable, file: string): Promise<void> {
  return pipeline(pieces, createWriteStream(file, { flags: "wx" }));
}

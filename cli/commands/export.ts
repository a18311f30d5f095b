import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { namesOf } from "../../controller/plan/plan-options.ts";
import { UsageError } from "../../errors/errors.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { exportFormats } from "../../history/export/registry.ts";
import { findHistory } from "../../history/import/find-history.ts";
import type { LocatedEvent } from "../../history/import/format.ts";

/** `keelhaul export`: a history in a notation that other tools read. */
export async function runExportCommand(run: string, flags: { format: string; output?: string }): Promise<void> {
  const format = exportFormats.find(({ name }) => name === flags.format);
  if (format === undefined) {
    throw new UsageError(`--format: got "${flags.format}"; expected one of ${namesOf(exportFormats)}`);
  }
  const source = findHistory(run);
  const warnings: string[] = [];
  const options = { independent: false, warn: (warning: string) => void warnings.push(warning) };
  const located = source.format.events(source.file, options);
  const pieces = Readable.from(format.pieces(eventsOf(located)));
  if (flags.output === undefined) await pipeline(pieces, process.stdout, { end: false }).catch(unlessReadEnough);
  else await writeNew(pieces, flags.output);
  for (const warning of warnings) process.stderr.write(`keelhaul: ${warning}\n`);
}

/** Whoever reads standard output may stop early (`| head`). */
function unlessReadEnough(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function* eventsOf(located: Iterable<LocatedEvent>): Generator<HistoryEvent> {
  for (const { event } of located) yield event;
}

/** A file that is there already is not overwritten: it might be the history itself. */
async function writeNew(pieces: Readable, file: string): Promise<void> {
  try {
    await pipeline(pieces, createWriteStream(file, { flags: "wx" }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new UsageError(`--output: ${file} is there already`);
    if (code === "ENOENT" || code === "EACCES") throw new UsageError(`--output: ${file}: ${code}`);
    throw error;
  }
}

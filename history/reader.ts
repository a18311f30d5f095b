import { isUtf8 } from "node:buffer";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HistoryEvent } from "./event.ts";
import type { EventScanner } from "./event-scanner.ts";
import { fileChunks } from "./file-chunks.ts";
import { HistoryError } from "./history-error.ts";
import { type LineRegion, lineRegions, newline } from "./lines.ts";
import { isJson, parseEvent } from "./parse-event.ts";
import { runFiles } from "./test-record.ts";
import { notUtf8 } from "./utf8.ts";
import { OpenOperations, OrderGuard } from "./validator.ts";

export interface HistoryOptions {
  /** What messages call the history. Default: its file. */
  readonly name?: string;
  /** Hears now and then how many lines the present pass has read. */
  readonly onLines?: (lines: number) => void;
}

/**
 * Opens a history: a `.jsonl` or `.jsonl.zst` file, or the folder of a run. Nothing is read yet. Throws HistoryError when
 * there is none.
 */
export function openHistory(path: string, options?: HistoryOptions): StoredHistory {
  return new StoredHistory(historyFile(path), options);
}

/** Takes the lines of a history, each in one of two forms that say the same. Checks their order itself. */
export interface LineTaker {
  scanned(bytes: Buffer, scanner: EventScanner, line: number): void;
  event(event: HistoryEvent, line: number): void;
}

/** A history on disk. It can be read as often as one likes, and is read as a stream: memory does not grow with it. */
export class StoredHistory implements Iterable<HistoryEvent> {
  readonly file: string;
  readonly name: string;
  readonly #warnings = new Set<string>();
  readonly #onLines: (lines: number) => void;

  constructor(file: string, { name = file, onLines = () => {} }: HistoryOptions = {}) {
    this.file = file;
    this.name = name;
    this.#onLines = onLines;
  }

  /** What was tolerated so far in reading: a last line that was cut, as a killed controller leaves it. */
  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** Events in file order. Throws HistoryError at the first line that is damaged or cannot follow those before it. */
  *[Symbol.iterator](): Iterator<HistoryEvent> {
    const order = new OrderGuard(this.name);
    const open = new OpenOperations(this.name);
    let line = 0;
    for (const region of this.#regions()) {
      for (let at = 0; at < region.end; ) {
        const end = lineEnd(region, at);
        const event = this.#parseLine(region, at, end, ++line);
        at = end + 1;
        if (event === null) continue;
        order.check(event.index, event.time, line);
        if (typeof event.process === "number") {
          if (event.type === "invoke") open.invoke(event.process, line, line);
          else open.complete(event.process, line);
        }
        yield event;
      }
      this.#onLines(line);
    }
  }

  /** The same lines, fast: each as the first of the scanners reads it. Those that none can read come as events. */
  scan(scanners: readonly EventScanner[], taker: LineTaker): void {
    let line = 0;
    for (const region of this.#regions()) {
      line = this.#scanRegion(region, scanners, taker, line);
      this.#onLines(line);
    }
  }

  #scanRegion(region: LineRegion, scanners: readonly EventScanner[], taker: LineTaker, linesBefore: number): number {
    let line = linesBefore;
    for (let at = 0; at < region.end; ) {
      line++;
      const next = scanLine(region, at, scanners, taker, line);
      if (next >= 0) {
        at = next;
        continue;
      }
      const end = lineEnd(region, at);
      const event = this.#parseLine(region, at, end, line);
      if (event !== null) taker.event(event, line);
      at = end + 1;
    }
    return line;
  }

  #regions(): Iterable<LineRegion> {
    return lineRegions(fileChunks(this.file, this.name));
  }

  /** One line as an event; null for a last line that was cut, which becomes a warning. */
  #parseLine(region: LineRegion, at: number, end: number, line: number): HistoryEvent | null {
    const bytes = region.bytes.subarray(at, end);
    const text = bytes.toString();
    if (!region.terminated && !isJson(text)) {
      this.#warnings.add(`${this.name}:${line}: the last line was cut after ${end - at} bytes and is omitted`);
      return null;
    }
    if (!isUtf8(bytes)) throw notUtf8(this.name, line, bytes);
    return parseEvent(text, this.name, line);
  }
}

/** Where the next line starts, once a scanner could read this one; -1 if none can. */
function scanLine(
  { bytes, end }: LineRegion,
  at: number,
  scanners: readonly EventScanner[],
  taker: LineTaker,
  line: number,
): number {
  for (const scanner of scanners) {
    const next = scanner.scan(bytes, at, end);
    if (next < 0) continue;
    taker.scanned(bytes, scanner, line);
    return next;
  }
  return -1;
}

/** Where the line that starts at `at` ends: at its newline, or at the end of the file. */
function lineEnd(region: LineRegion, at: number): number {
  if (!region.terminated) return region.end;
  return region.bytes.indexOf(newline, at);
}

function historyFile(path: string): string {
  if (!existsSync(path)) throw new HistoryError(path, 0, "nothing there", "a history file or a run folder");
  if (!statSync(path).isDirectory()) return path;
  const file = [runFiles.history, runFiles.compressedHistory].map((name) => join(path, name)).find(isFile);
  if (file === undefined) {
    const names = `${runFiles.history} or ${runFiles.compressedHistory}`;
    throw new HistoryError(path, 0, "a folder without a history", `${names} in it`);
  }
  return file;
}

/** Whether there is something to read, and not a folder. */
export function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

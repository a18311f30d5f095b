import { close, fsync, ftruncateSync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import type { HistoryEvent } from "./event.ts";
import { formatJson, textOf } from "./exact-json.ts";

/** Where a run's events go. */
export interface HistorySink {
  write(event: HistoryEvent): void;
  /** Hands everything written to the operating system. Throws when it cannot. */
  flush(): void;
  /** Aborted, with the error as its reason, when no more can be written. */
  readonly lost: AbortSignal;
}

/** Opens a history for writing. The file is created, and must not exist yet: a history is never overwritten. */
export function openHistoryWriter(file: string): HistoryWriter {
  return new HistoryWriter(openSync(file, "ax"));
}

/** Opens a history to go on behind its end: what is left of a line that was cut is removed. */
export function continueHistoryWriter(file: string, { wholeBytes, isTerminated }: FileEnd): HistoryWriter {
  const fd = openSync(file, "a");
  ftruncateSync(fd, wholeBytes);
  const added = isTerminated ? 0 : writeSync(fd, "\n");
  return new HistoryWriter(fd, wholeBytes + added);
}

/** Where the last event of a history ends. */
export interface FileEnd {
  readonly wholeBytes: number;
  /** Whether a newline follows the last event. */
  readonly isTerminated: boolean;
}

/**
 * Appends events to a history, one JSON line each, in the order of the calls. The operating system has them after `flush`,
 * and at the latest at the end of the turn of the event loop. After a failed write the file ends with its last whole
 * line, and takes no more events.
 */
export class HistoryWriter implements HistorySink {
  readonly #fd: number;
  readonly #lost = new AbortController();
  #lines: string[] = [];
  /** The controller's own among the lines: on a full disk they are tried again when the run has removed its data. */
  #notes: string[] = [];
  #wholeBytes: number;
  #endsWhole = true;

  /** `wholeBytes`: what the file holds already. */
  constructor(fd: number, wholeBytes = 0) {
    this.#fd = fd;
    this.#wholeBytes = wholeBytes;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  write(event: HistoryEvent): void {
    const line = formatEvent(event);
    if (event.process === "controller") this.#notes.push(line);
    if (this.lost.aborted) return;
    if (this.#lines.length === 0) setImmediate(() => this.#flush());
    this.#lines.push(line);
  }

  flush(): void {
    this.#flush();
    this.lost.throwIfAborted();
  }

  /** Resolves when the disk has everything, or what it could take. */
  async close(): Promise<void> {
    this.#flush();
    if (this.lost.aborted) this.#writeNotes();
    await promisify(fsync)(this.#fd).catch((error: Error) => this.#fail(error));
    await promisify(close)(this.#fd).catch((error: Error) => this.#fail(error));
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join("");
    this.#lines = [];
    try {
      this.#append(text);
      this.#notes = [];
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #writeNotes(): void {
    if (!this.#endsWhole) return;
    try {
      this.#append(this.#notes.join(""));
    } catch {
      // The disk is still full, as `lost` says already.
    }
  }

  #append(text: string): void {
    try {
      const bytes = Buffer.byteLength(text);
      const taken = writeSync(this.#fd, text);
      if (taken < bytes) this.#appendRest(Buffer.from(text), taken);
      this.#wholeBytes += bytes;
    } catch (error) {
      this.#endsWhole = this.#dropTornLine();
      throw error;
    }
  }

  #appendRest(bytes: Buffer, taken: number): void {
    for (let written = taken; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
  }

  #dropTornLine(): boolean {
    try {
      ftruncateSync(this.#fd, this.#wholeBytes);
      return true;
    } catch {
      return false; // readers say that the last line is damaged
    }
  }

  #fail(cause: Error): void {
    if (!this.lost.aborted) this.#lost.abort(new Error(`the history cannot be written: ${cause.message}`, { cause }));
  }
}

/** An event as its line, fields in the order that `event-scanner.ts` reads fastest. */
export function formatEvent(event: HistoryEvent): string {
  const { index, time, process, type, f, key, value, node, error, detail, intendedNs } = event;
  const texts = {
    f: textOf(f),
    key: optional(key),
    value,
    node: optional(node),
    error: optional(error),
    detail: optional(detail),
  };
  return `${formatJson({ index, time, process, type, ...texts, intendedNs })}\n`;
}

function optional(text: string | undefined): string | undefined {
  return text === undefined ? undefined : textOf(text);
}

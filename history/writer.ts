import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { HistoryEvent } from "./event.ts";
import { formatJson, textOf } from "./exact-json.ts";

/**
 * Opens a history for writing. A path is created, and must not exist yet: a history is never overwritten. What one
 * turn of the event loop writes goes to the operating system at the end of that turn, so that a controller killed with
 * SIGKILL loses no more than that.
 */
export function openHistoryWriter(target: string | Writable): HistoryWriter {
  // flush: `close` resolves only when the disk has it.
  return new HistoryWriter(
    typeof target === "string" ? createWriteStream(target, { flags: "ax", flush: true }) : target,
  );
}

/** Appends events to a history, one JSON line each, in the order of the calls. */
export class HistoryWriter {
  readonly #stream: Writable;
  readonly #ended: Promise<void>;
  #batch: string[] = [];
  #failure: Error | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
    this.#ended = finished(this.#stream, { readable: false });
    this.#ended.catch((error: Error) => {
      this.#failure = error;
    });
  }

  /** Throws when an earlier event could not be written: a run without its history is worth nothing. */
  write(event: HistoryEvent): void {
    if (this.#failure !== null) throw new Error("the history cannot be written", { cause: this.#failure });
    if (this.#batch.length === 0) setImmediate(() => this.#flush());
    this.#batch.push(formatEvent(event));
  }

  /** Resolves when everything is on disk. */
  async close(): Promise<void> {
    this.#flush();
    this.#stream.end();
    await this.#ended;
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const text = this.#batch.join("");
    this.#batch = [];
    if (this.#failure === null) this.#stream.write(text);
  }
}

/** An event as its line, fields in the order that `event-scanner.ts` reads fastest. */
export function formatEvent(event: HistoryEvent): string {
  const { index, time, process, type, f, key, value, node, error, intendedNs } = event;
  const texts = { f: textOf(f), key: optional(key), value, node: optional(node), error: optional(error) };
  return `${formatJson({ index, time, process, type, ...texts, intendedNs })}\n`;
}

function optional(text: string | undefined): string | undefined {
  return text === undefined ? undefined : textOf(text);
}

import { emitKeypressEvents, type Key } from "node:readline";
import type { ReadStream } from "node:tty";

export type KeyInput = Pick<ReadStream, "isTTY" | "on" | "off" | "pause" | "resume" | "setRawMode"> &
  NodeJS.ReadableStream;

/**
 * Reads single keys until it is disposed of: `q`, `up`, `ctrl-c`. Meanwhile the terminal neither shows what is typed nor
 * turns Ctrl-C into a signal, which is therefore a key that every listener has to obey.
 */
export function readKeys(input: KeyInput, onKey: (key: string) => void): Disposable {
  const resources = new DisposableStack();
  const hear = (text: string | undefined, key: Key): void => onKey(nameOf(text, key));
  emitKeypressEvents(input);
  input.on("keypress", hear);
  input.on("error", ignored);
  input.setRawMode(true);
  input.resume();
  resources.defer(() => {
    input.off("keypress", hear);
    input.off("error", ignored);
    input.setRawMode(false);
    input.pause();
  });
  return resources;
}

function nameOf(text: string | undefined, { ctrl, name }: Key): string {
  return ctrl ? `ctrl-${name}` : (name ?? text ?? "");
}

/** A terminal that was closed cannot be read; SIGHUP reports that to the process, which decides what to do. */
function ignored(): void {}

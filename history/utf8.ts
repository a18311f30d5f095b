import { isUtf8 } from "node:buffer";
import { HistoryError } from "./history-error.ts";

const newline = 0x0a;

/** The text of bytes that arrive in pieces, characters that are cut between two put together. Throws HistoryError. */
export function* decoded(file: string, pieces: Iterable<Buffer>): Generator<string> {
  let line = 1;
  let begun: Buffer = Buffer.alloc(0);
  for (const piece of pieces) {
    const bytes = begun.length === 0 ? piece : Buffer.concat([begun, piece]);
    const end = endOfCharacters(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw notUtf8(file, line, whole);
    yield whole.toString();
    begun = Buffer.from(bytes.subarray(end));
    line += count(whole, newline);
  }
  if (begun.length > 0) throw notUtf8(file, line, begun);
}

/** The error of bytes that are no text; they begin in that line. */
export function notUtf8(file: string, line: number, bytes: Buffer): HistoryError {
  const at = firstBadByte(bytes);
  const before = bytes.subarray(0, at);
  const found = `byte 0x${(bytes[at] ?? 0).toString(16).padStart(2, "0")} in column ${at - before.lastIndexOf(newline)}`;
  return new HistoryError(file, line + count(before, newline), found, "text in UTF-8");
}

function firstBadByte(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const end = at + sizeOfCharacter(bytes[at]!);
    if (end > bytes.length || !isUtf8(bytes.subarray(at, end))) break;
    at = end;
  }
  return at;
}

/** Where the last character that is complete ends. */
function endOfCharacters(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--) {
    if (isContinuation(bytes[at]!)) continue;
    return at + sizeOfCharacter(bytes[at]!) > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** By its first byte; 1 for one that begins none. */
function sizeOfCharacter(first: number): number {
  if (first < 0xc0) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
}

function count(bytes: Buffer, byte: number): number {
  let times = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) times++;
  return times;
}

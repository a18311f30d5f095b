const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
/** Fifteen digits always fit a double exactly. */
const maxDigits = 15;

/**
 * A place in a line of bytes, and the steps that move it over what is written there. A step that does not fit says
 * false and leaves the place alone. The place is kept in fields, so that a line costs no allocation.
 */
export class ByteCursor {
  protected bytes: Buffer = Buffer.alloc(0);
  protected at = 0;
  protected end = 0;
  /** What the last `digits` read. */
  protected number = 0;

  protected place(bytes: Buffer, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  protected skip(mark: Buffer): boolean {
    const bytes = this.bytes;
    const at = this.at;
    const length = mark.length;
    if (at + length > this.end) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== mark[i]) return false;
    this.at = at + length;
    return true;
  }

  protected take(byte: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** A whole number from 0 without leading zeros. */
  protected digits(): boolean {
    const bytes = this.bytes;
    const start = this.at;
    let at = start;
    let number = 0;
    for (; at < this.end; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    const count = at - start;
    if (count === 0 || count > maxDigits || (count > 1 && bytes[start] === zero)) return false;
    this.at = at;
    this.number = number;
    return true;
  }

  /** The rest of a string of plain ASCII without escapes, and its closing quote. */
  protected restOfString(): boolean {
    const bytes = this.bytes;
    for (let at = this.at; at < this.end; at++) {
      const byte = bytes[at]!;
      if (byte === quote) {
        this.at = at + 1;
        return true;
      }
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return false;
    }
    return false;
  }
}

/** Whole lines in one piece of memory: `bytes` from 0 to `end`. It is valid until the next region is asked for. */
export interface LineRegion {
  readonly bytes: Buffer;
  readonly end: number;
  /** False for what follows the last newline of the file: a line without an end. */
  readonly terminated: boolean;
}

export const newline = 10;

/** Cuts a stream of bytes at newlines, so that no line is spread over two regions. */
export function* lineRegions(chunks: Iterable<Buffer>): Generator<LineRegion> {
  let carry: Buffer = Buffer.alloc(0);
  for (const chunk of chunks) {
    const cut = chunk.lastIndexOf(newline) + 1;
    if (cut === 0) {
      carry = Buffer.concat([carry, chunk]);
      continue;
    }
    if (carry.length === 0) yield { bytes: chunk, end: cut, terminated: true };
    else yield { bytes: Buffer.concat([carry, chunk.subarray(0, cut)]), end: carry.length + cut, terminated: true };
    carry = Buffer.from(chunk.subarray(cut));
  }
  if (carry.length > 0) yield { bytes: carry, end: carry.length, terminated: false };
}

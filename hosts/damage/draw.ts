import type { RandomStream } from "../../random/stream.ts";
import type { DamageRange } from "../host.ts";

/** A file whose bytes may be hit. `path`: inside the data directory, or as its disk names it. */
export interface WrittenFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A byte that is not as it was written. */
export interface ChangedByte {
  readonly path: string;
  readonly offset: number;
  /** The bits that changed. */
  readonly mask: number;
  /** What the byte became. */
  readonly byte: number;
}

/** A torn write lost at most this much: what a disk writes in one piece. */
const mostTornBytes = 512;

/** So many bits, as far as there are any, of what was written: a byte that is zero may never have been. */
export function drawFlips(
  files: readonly WrittenFile[],
  count: number,
  random: RandomStream,
  range: DamageRange = {},
): readonly ChangedByte[] {
  const written = files.map((file) => ({ ...file, offsets: offsetsWritten(file, range) }));
  const total = written.reduce((sum, { offsets }) => sum + offsets.length, 0);
  const flips = new Map<number, ChangedByte>();
  // By bytes alone the log, which is most of them, would take nearly all: every other one goes to any file, by chance.
  const starts = startsOf(written);
  while (flips.size < Math.min(count, total)) {
    const [from, until] = random.fraction() < 0.5 ? [0, total] : random.pick(starts);
    const at = random.integer(from, until - 1);
    if (flips.has(at)) continue;
    const { path, bytes, offset } = placeAt(written, at);
    const mask = 1 << random.integer(0, 7);
    flips.set(at, { path, offset, mask, byte: bytes[offset]! ^ mask });
  }
  return [...flips.values()];
}

/** The end of what was written into the first of the files that has any: its bytes become zeros. */
export function drawTear(
  files: readonly WrittenFile[],
  random: RandomStream,
  range: DamageRange = {},
): readonly ChangedByte[] {
  const written = files.map((file) => ({ ...file, offsets: offsetsWritten(file, range) }));
  const last = written.find(({ offsets }) => offsets.length > 0);
  if (last === undefined) return [];
  const { path, bytes, offsets } = last;
  const end = offsets.at(-1)! + 1;
  const from = end - random.integer(1, Math.min(mostTornBytes, end - offsets[0]!));
  const torn = offsets.filter((offset) => offset >= from);
  return torn.map((offset) => ({ path, offset, mask: bytes[offset]!, byte: 0 }));
}

function offsetsWritten({ path, bytes }: WrittenFile, { file = "", fromByte = 0, untilByte }: DamageRange): number[] {
  if (!path.includes(file)) return [];
  const end = Math.min(bytes.length, untilByte ?? bytes.length);
  const offsets: number[] = [];
  for (let at = fromByte; at < end; at++) if (bytes[at] !== 0) offsets.push(at);
  return offsets;
}

type Counted = WrittenFile & { readonly offsets: readonly number[] };

/** Where each file's bytes begin and end when all that was written is counted through; empty ones are left out. */
function startsOf(written: readonly Counted[]): [from: number, until: number][] {
  let from = 0;
  return written.flatMap(({ offsets: { length } }): [number, number][] => {
    const until = from + length;
    const range: [number, number] = [from, until];
    from = until;
    return length === 0 ? [] : [range];
  });
}

/** Which byte it is when all that was written is counted through. */
function placeAt(written: readonly Counted[], at: number): WrittenFile & { readonly offset: number } {
  let place = at;
  for (const { path, bytes, offsets } of written) {
    if (place < offsets.length) return { path, bytes, offset: offsets[place]! };
    place -= offsets.length;
  }
  throw new RangeError(`only ${at - place} bytes were written, and ${at} is none of them`);
}

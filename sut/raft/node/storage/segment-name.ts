import type { Index } from "../../core/types.ts";

/** A segment's file by its name: segments count from 1, and the log goes on in each with entry `firstIndex`. */
export interface SegmentName {
  readonly name: string;
  readonly sequence: number;
  readonly firstIndex: Index;
}

/** Being made: not a part of the log yet. */
export const unfinishedSegment = "next.tmp";

export function segmentName(sequence: number, firstIndex: Index): SegmentName {
  const name = `${String(sequence).padStart(10, "0")}-${String(firstIndex).padStart(16, "0")}.wal`;
  return { name, sequence, firstIndex };
}

/** The segments among the files of a directory, in order. */
export function segmentsOf(names: readonly string[]): SegmentName[] {
  return names.flatMap((name) => {
    const [, sequence, firstIndex] = /^(\d{10})-(\d{16})\.wal$/.exec(name) ?? [];
    return sequence === undefined ? [] : [{ name, sequence: Number(sequence), firstIndex: Number(firstIndex) }];
  });
}

import type { TimeScale } from "../../ui/scale.ts";
import type { FaultDigest } from "../digest/types.ts";
import { faultText } from "./faultText.ts";

export const stripRowHeight = 22;
const charWidth = 6.6;

export interface PlacedFault {
  readonly fault: FaultDigest;
  readonly row: number;
  readonly x: number;
  readonly width: number;
  readonly text: string;
  readonly textX: number;
  readonly inside: boolean;
}

/** Bars in as few rows as keep them apart; the longest text that fits in the bar, or after it, or none. */
export function placeFaults(
  faults: readonly FaultDigest[],
  scale: TimeScale,
  [fromS, toS]: readonly [number, number],
  right: number,
): PlacedFault[] {
  const visible = faults
    .filter((fault) => fault.fromNs < toS * 1e9 && (fault.toNs ?? Infinity) > fromS * 1e9)
    .toSorted((a, b) => a.fromNs - b.fromNs);
  const rowEnds: number[] = [];
  const bars = visible.map((fault) => {
    const x = scale.toX(fault.fromNs);
    const end = Math.max(x + 2, fault.toNs === null ? right : scale.toX(fault.toNs));
    const free = rowEnds.findIndex((rowEnd) => rowEnd <= x);
    const row = free === -1 ? rowEnds.length : free;
    rowEnds[row] = end;
    return { fault, row, x, end };
  });
  return bars.map((bar) => {
    const next = bars.find((other) => other.row === bar.row && other.x > bar.x);
    return { fault: bar.fault, row: bar.row, x: bar.x, width: bar.end - bar.x, ...label(bar, next?.x ?? right) };
  });
}

function label({ fault, x, end }: { fault: FaultDigest; x: number; end: number }, nextX: number) {
  const full = `${fault.id} ${faultText(fault)}`;
  const brief = `${fault.id} ${fault.label}`;
  for (const text of [full, brief]) {
    if (text.length * charWidth + 10 <= end - x) return { text, textX: x + 5, inside: true };
    if (text.length * charWidth + 14 <= nextX - end) return { text, textX: end + 5, inside: false };
  }
  const number = String(fault.id);
  return { text: number.length * charWidth + 6 <= end - x ? number : "", textX: x + 3, inside: true };
}

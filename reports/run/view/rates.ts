import type uPlot from "uplot";
import type { RunDigest } from "../digest/types.ts";

export interface Rates {
  readonly data: uPlot.AlignedData;
  readonly yMax: number;
  /** The reads after the run proper go as fast as they can, and would flatten everything before. */
  readonly burstCut: boolean;
}

/** Counts as rates a second; the last stretch is often cut short by the end of the run, and left out if most of it is. */
export function ratesOf({ throughput, essentials, phases }: RunDigest): Rates {
  const { bucketNs, ok, fail, info } = throughput;
  const { durationNs } = essentials;
  const lengthS = (at: number) => Math.min(bucketNs, durationNs - at * bucketNs) / 1e9;
  const full = ok.map((_, at) => at).filter((at) => lengthS(at) > bucketNs / 2e9);
  const rates = (counts: readonly number[]) => full.map((at) => counts[at]! / lengthS(at));
  const series = [ok, fail, info].map(rates);
  const burstNs = phases.find(({ phase }) => phase === "final-reads")?.atNs ?? Infinity;
  const highest = (untilNs: number) =>
    Math.max(1, ...series.flatMap((line) => line.filter((_, at) => (full[at]! + 1) * bucketNs <= untilNs)));
  const yMax = highest(burstNs) * 1.15;
  const starts = full.map((at) => (at * bucketNs) / 1e9);
  return {
    data: [[...starts, durationNs / 1e9], ...series.map((line) => [...line, line.at(-1) ?? null])] as uPlot.AlignedData,
    yMax,
    burstCut: highest(Infinity) > yMax,
  };
}

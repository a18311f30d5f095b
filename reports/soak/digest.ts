import type { ServiceCounts } from "../../analysis/results.ts";
import { judgeSoak, type Soak, type SoakSegment } from "../../analysis/soak.ts";
import type { Verdict } from "../../analysis/verdict.ts";

/** What the page of a soak is made from. */
export interface SoakMaterial {
  readonly soak: Soak;
  /** Segments that it was to have. */
  readonly planned: number;
  /** The command that makes the same soak again. */
  readonly command: string;
}

/** All that the page shows. Plain JSON. */
export interface SoakDigest {
  readonly verdict: Verdict;
  readonly summary: string;
  readonly planned: number;
  readonly seed: number;
  readonly durationMs: number;
  readonly operations: number;
  readonly faults: { readonly injected: number; readonly effective: number };
  readonly rows: readonly SoakRow[];
  readonly memory: Series;
  readonly maxMemoryMb: number;
  readonly throughput: Series;
  readonly slowest: Series;
  readonly command: string;
}

/** One segment. */
export interface SoakRow
  extends Pick<SoakSegment, "number" | "workload" | "verdict" | "summary" | "report" | "operations" | "faults"> {
  readonly startedMs: number;
  readonly perSecond: number;
  /** The share of operations answered promptly, outside faults and during them; null where there were none. */
  readonly promptHealthy: number | null;
  readonly promptFaulty: number | null;
}

/** A figure over the time of the soak. */
export interface Series {
  readonly minutes: readonly number[];
  readonly values: readonly number[];
}

/** Points that a chart has room for. */
const mostPoints = 600;

export function digestSoak({ soak, planned, command }: SoakMaterial): SoakDigest {
  const { segments, resources, seed, maxMemoryMb } = soak;
  const rows = segments.map(rowOf);
  const measured = segments.filter(({ healthy }) => healthy !== null);
  return {
    ...judgeSoak(soak, planned),
    ...{ planned, seed, rows, maxMemoryMb, command },
    durationMs: resources.at(-1)?.atMs ?? 0,
    operations: segments.reduce((sum, { operations: { ok, fail, info } }) => sum + ok + fail + info, 0),
    faults: {
      injected: segments.reduce((sum, { faults }) => sum + faults.injected, 0),
      effective: segments.reduce((sum, { faults }) => sum + faults.effective, 0),
    },
    memory: thinned(
      seriesOf(
        resources,
        ({ atMs }) => atMs,
        ({ rssMb }) => rssMb,
      ),
    ),
    throughput: seriesOf(
      rows,
      ({ startedMs }) => startedMs,
      ({ perSecond }) => perSecond,
    ),
    slowest: seriesOf(
      measured,
      ({ startedMs }) => startedMs,
      ({ healthy }) => slowestMs(healthy!),
    ),
  };
}

function rowOf(segment: SoakSegment): SoakRow {
  const { number, workload, verdict, summary, report, operations, faults, startedMs, healthy, faulty } = segment;
  const seconds = (healthy?.seconds ?? 0) + (faulty?.seconds ?? 0);
  const answered = (healthy?.answered ?? 0) + (faulty?.answered ?? 0);
  return {
    ...{ number, workload, verdict, summary, report, operations, faults, startedMs },
    perSecond: seconds === 0 ? 0 : answered / seconds,
    promptHealthy: promptShare(healthy),
    promptFaulty: promptShare(faulty),
  };
}

function promptShare(service: ServiceCounts | null): number | null {
  return service === null || service.total === 0 ? null : service.prompt / service.total;
}

/** The p99 of the slowest kind of operation, outside of faults. */
function slowestMs({ latencyMs }: ServiceCounts): number {
  return Math.max(0, ...Object.values(latencyMs).map(({ p99 }) => p99));
}

function seriesOf<Item>(items: readonly Item[], atMs: (item: Item) => number, value: (item: Item) => number): Series {
  return { minutes: items.map((item) => atMs(item) / 60_000), values: items.map(value) };
}

/** Of each stretch, the highest: what a budget is about is not lost. */
function thinned({ minutes, values }: Series): Series {
  const width = Math.ceil(values.length / mostPoints);
  if (width <= 1) return { minutes, values };
  const stretches = Array.from({ length: Math.ceil(values.length / width) }, (_, at) => at * width);
  return {
    minutes: stretches.map((from) => minutes[from]!),
    values: stretches.map((from) => Math.max(...values.slice(from, from + width))),
  };
}

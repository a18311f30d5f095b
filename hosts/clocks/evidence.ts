import type { ClockCourse } from "../host.ts";

/** How far the clocks of a process were ahead of the true ones when they were read, `atMs` by a true clock. */
export interface ClockSample {
  readonly atMs: number;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** What a clock was made to do, or that it shows the true time again. */
export type ExpectedClock =
  | ClockCourse
  | { readonly type: "monotonic-drift"; readonly rate: number }
  | { readonly type: "true" };

/** What samples show. */
export interface ClockFinding {
  readonly observation: string;
  readonly proves: boolean;
}

/** A reading is some milliseconds old when it arrives, tens of them on a busy machine. */
const toleranceMs = 100;
/** Samples show a rate only when they are at least so far apart. */
export const rateWindowMs = 500;

/** Whether clocks were seen to do what is expected of them. A drift takes samples that are 500 ms apart. */
export function judgeClock(expected: ExpectedClock, samples: readonly ClockSample[]): ClockFinding {
  const last = samples.at(-1);
  if (last === undefined) return { observation: "the clock could not be read", proves: false };
  if (expected.type === "drift") return judgeRate("wall", expected.rate, samples);
  if (expected.type === "monotonic-drift") return judgeRate("monotonic", expected.rate, samples);
  if (expected.type === "strobe") return judgeStrobe(expected, samples);
  const observation = `wall clock ${signed(last.wallMs)}, monotonic clock ${signed(last.monotonicMs)}`;
  const wantedMs = expected.type === "jump" ? expected.offsetMs : 0;
  return { observation, proves: isNear(last.wallMs, wantedMs) && isNear(last.monotonicMs, 0) };
}

/** At least half of the wanted deviation: the rest is what reading the clock took. */
function judgeRate(which: "wall" | "monotonic", wanted: number, samples: readonly ClockSample[]): ClockFinding {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const elapsedMs = last.atMs - first.atMs;
  if (elapsedMs < rateWindowMs) return { observation: `${which} clock: too few readings`, proves: false };
  const gained = which === "wall" ? last.wallMs - first.wallMs : last.monotonicMs - first.monotonicMs;
  const deviation = gained / elapsedMs;
  return {
    observation: `${which} clock at ${percent(1 + deviation)} of its rate over ${Math.round(elapsedMs)} ms`,
    proves: Math.sign(deviation) === Math.sign(wanted - 1) && Math.abs(deviation) >= Math.abs(wanted - 1) / 2,
  };
}

function judgeStrobe({ offsetMs }: { readonly offsetMs: number }, samples: readonly ClockSample[]): ClockFinding {
  const away = samples.filter(({ wallMs }) => isNear(wallMs, offsetMs)).length;
  const home = samples.filter(({ wallMs }) => isNear(wallMs, 0)).length;
  return {
    observation: `wall clock ${signed(offsetMs)} in ${away} of ${samples.length} readings, ${signed(0)} in ${home}`,
    proves: away > 0 && home > 0,
  };
}

function isNear(valueMs: number, wantedMs: number): boolean {
  return Math.abs(valueMs - wantedMs) <= toleranceMs;
}

/** "+300.000 s". */
function signed(ms: number): string {
  const seconds = Math.round(ms) / 1000;
  return `${seconds < 0 ? "" : "+"}${seconds.toFixed(3)} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

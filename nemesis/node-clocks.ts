import type { Evidence } from "../history/annotations.ts";
import { type ClockSample, type ExpectedClock, judgeClock } from "../hosts/clocks/evidence.ts";
import type { NodeClock } from "../hosts/host.ts";
import { type Clock, nowMs, sleepMs } from "../time/clock.ts";

/** How the clocks of nodes are read through the store: their own processes report the time. */
export interface NodeClocks {
  /** The clock that they are compared with. */
  readonly time: Clock;
  read(node: string): Promise<NodeClock>;
}

const observeWithinMs = 2000;
const betweenReadingsMs = 50;
const firstReadings = 3;

/** One node's clocks, compared with how they went when the watch began. */
export class ClockWatch {
  readonly #clocks: NodeClocks;
  readonly #node: string;
  readonly #first: Reading;

  private constructor(clocks: NodeClocks, node: string, first: Reading) {
    this.#clocks = clocks;
    this.#node = node;
    this.#first = first;
  }

  /** Rejects when the node does not report the time. */
  static async begin(clocks: NodeClocks, node: string): Promise<ClockWatch> {
    const readings: Reading[] = [];
    while (readings.length < firstReadings) readings.push(await readClock(clocks, node));
    readings.sort((one, other) => one.tookMs - other.tookMs);
    return new ClockWatch(clocks, node, readings[0]!);
  }

  /** Reads the clocks until they were seen to do what is expected, or the time for it is over. */
  async observe(expected: ExpectedClock): Promise<Evidence> {
    const samples: ClockSample[] = [];
    const { time } = this.#clocks;
    const untilMs = nowMs(time) + observeWithinMs;
    for (;;) {
      samples.push(await this.#sample());
      const { observation, proves } = judgeClock(expected, samples);
      if (proves || nowMs(time) >= untilMs) {
        return { subject: this.#node, observation: `its own process reports: ${observation}`, proves };
      }
      await sleepMs(time, betweenReadingsMs);
    }
  }

  async #sample(): Promise<ClockSample> {
    const { atMs, wallMs, monotonicMs } = await readClock(this.#clocks, this.#node);
    const passedMs = atMs - this.#first.atMs;
    return {
      atMs,
      wallMs: wallMs - this.#first.wallMs - passedMs,
      monotonicMs: monotonicMs - this.#first.monotonicMs - passedMs,
    };
  }
}

interface Reading extends NodeClock {
  /** In the middle of the call, which took `tookMs`. */
  readonly atMs: number;
  readonly tookMs: number;
}

async function readClock({ time, read }: NodeClocks, node: string): Promise<Reading> {
  const beforeMs = nowMs(time);
  const clock = await read(node);
  const tookMs = nowMs(time) - beforeMs;
  return { ...clock, atMs: beforeMs + tookMs / 2, tookMs };
}

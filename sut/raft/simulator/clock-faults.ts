import { type Line, offsetAt, trueTime } from "../../../hosts/clocks/line.ts";
import type { ClockCourse } from "../../../hosts/host.ts";
import { type Clock, nowMs } from "../../../time/clock.ts";

/** What faults do to the clocks of one machine, beside how these run by themselves. */
export class ClockFaults {
  readonly #time: Clock;
  #monotonic: Line = trueTime;
  #changes = 0;
  #wallAheadMs = (): number => 0;

  constructor(time: Clock) {
    this.#time = time;
  }

  /** How far the monotonic clock is ahead. */
  get monotonicAheadMs(): number {
    return offsetAt(this.#monotonic, nowMs(this.#time));
  }

  /** How far the wall clock is ahead of the monotonic one. */
  get wallAheadMs(): number {
    return this.#wallAheadMs();
  }

  get monotonicRate(): number {
    return this.#monotonic.rate;
  }

  /** How often the rate changed: a timer that was set before is not due when it rings. */
  get changes(): number {
    return this.#changes;
  }

  /** The line of the monotonic clock. */
  get monotonic(): Line {
    return this.#monotonic;
  }

  set monotonic(line: Line) {
    this.#monotonic = line;
    this.#changes++;
  }

  setWall(course: ClockCourse): void {
    const sinceMs = nowMs(this.#time);
    const passedMs = () => nowMs(this.#time) - sinceMs;
    if (course.type === "jump") this.#wallAheadMs = () => course.offsetMs;
    else if (course.type === "drift") this.#wallAheadMs = () => (course.rate - 1) * passedMs();
    else this.#wallAheadMs = () => (Math.floor(passedMs() / course.everyMs) % 2 === 0 ? course.offsetMs : 0);
  }

  restoreWall(): void {
    this.#wallAheadMs = () => 0;
  }
}

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Resources } from "../../../analysis/soak.ts";
import { type Clock, nowMs, nsPerMs, repeat } from "../../../time/clock.ts";

const everyMs = 5000;

/** Notes every few seconds what the controller itself takes. It begins with a note, and ends with one on disposal. */
export function watchResources(clock: Clock, hear: (sample: Resources) => void): Disposable {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const sample = (): void => {
    const slowestMs = delay.count === 0 ? 0 : delay.percentile(99) / nsPerMs;
    delay.reset();
    hear({ atMs: nowMs(clock), rssMb: process.memoryUsage.rss() / 1e6, loopDelayMs: slowestMs });
  };
  sample();
  const stop = repeat(clock, everyMs, sample);
  return {
    [Symbol.dispose]: () => {
      stop();
      sample();
      delay.disable();
    },
  };
}

import type { Rate } from "./rate.ts";

/** The share of each period that is a burst, and how much denser operations come in it; the rest is as much quieter. */
const burst = { share: 0.2, times: 3 };

/** A rate that comes in bursts with quiet time between them, and is on average what it was. */
export function bursts(perSecond: number, periodNs: number): Rate {
  const quietTimes = (1 - burst.share * burst.times) / (1 - burst.share);
  return (timeNs) => perSecond * (timeNs % periodNs < burst.share * periodNs ? burst.times : quietTimes);
}

import type { RandomStream } from "../../../random/stream.ts";
import type { RangeMs } from "./settings.ts";

export interface Delays {
  readonly usualMs: RangeMs;
  /** Share of those that are slow. */
  readonly slow: number;
  readonly slowMs: RangeMs;
}

/** A delay within the usual range; for a share `slow` of all, within the slow one. */
export function drawDelayMs(random: RandomStream, { usualMs, slow, slowMs }: Delays): number {
  const [least, most] = slow > 0 && random.fraction() < slow ? slowMs : usualMs;
  return least + (most - least) * random.fraction();
}

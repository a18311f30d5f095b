import type { ProcessEndRecord } from "../../history/annotations.ts";
import type { Host, ProcessEnd } from "../../hosts/host.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, nsPerMs, sleepMs } from "../../time/clock.ts";

const everyMs = 500;

/** Looks for processes that nobody ended and that are gone all the same. */
export interface EndsWatch {
  /** Looks a last time, and rejects when that cannot be done. */
  stop(): Promise<void>;
}

/**
 * Hands on each end of a process that the host did not bring about, as it is noticed. A host that cannot be asked for a
 * while is asked again: what it tells is all there was since its beginning.
 */
export function watchEnds(
  host: Host,
  { excusedExits = {} }: Pick<System, "excusedExits">,
  clock: Clock,
  hear: (record: ProcessEndRecord) => void,
): EndsWatch {
  const stopped = new AbortController();
  let told = 0;
  const look = async (): Promise<void> => {
    const ends = await host.ends();
    for (const end of ends.slice(told)) hear(recordOf(end));
    told = Math.max(told, ends.length);
  };
  const recordOf = ({ agoMs, ...end }: ProcessEnd): ProcessEndRecord => {
    const excuse = end.excuse ?? (end.code === null ? undefined : excusedExits[end.code]);
    const endedNs = Math.round(clock.nowNs() - agoMs * nsPerMs);
    return { ...end, endedNs, ...(excuse === undefined ? {} : { excuse }) };
  };
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await look().catch(askedAgainLater);
      await sleepMs(clock, everyMs, stopped.signal);
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      stopped.abort();
      await watching;
      await look();
    },
  };
}

/** The next look, or the last one, hears of everything that this one would have. */
function askedAgainLater(): void {}

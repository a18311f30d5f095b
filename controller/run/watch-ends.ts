import { messageOf } from "../../errors/errors.ts";
import type { ProcessEndRecord } from "../../history/annotations.ts";
import type { Host, ProcessEnd } from "../../hosts/host.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, nsPerMs, sleepMs } from "../../time/clock.ts";

const everyMs = 500;

/** Who hears of processes that nobody ended and that are gone all the same. */
export interface EndsListener {
  hear(record: ProcessEndRecord): void;
  /** The last look of all was not possible. */
  onProblem(problem: string): void;
}

/**
 * Hands on each end of a process that the host did not bring about, as it is noticed. A host that cannot be asked for a
 * while is asked again: its answer has every end since it began. Looks a last time on disposal.
 */
export function watchEnds(
  host: Host,
  { excusedExits = {} }: Pick<System, "excusedExits">,
  clock: Clock,
  { hear, onProblem }: EndsListener,
): AsyncDisposable {
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
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await watching;
      await look().catch((error) => onProblem(messageOf(error)));
    },
  };
}

/** The next look, or the last one, hears of everything that this one would have. */
function askedAgainLater(): void {}

import type { Clock } from "../../time/clock.ts";
import { formatDurationMs } from "../plan/duration.ts";

/** A stage of a run that did not end within its own time limit, or that failed; the message names stage and place. */
export class StageError extends Error {
  override readonly name = "StageError";
}

/** What a stage is busy with at the moment, for the message should it get stuck: "starting n3". */
export type Doing = (what: string) => void;

/** Aborted when the stage is over, however it ended: what a stuck stage had begun must not go on behind its back. */
export type StageOver = AbortSignal;

/**
 * Runs one stage of a run under a time limit of its own. A stage that outlasts it rejects with a StageError that names
 * the stage and what it was busy with; it is never waited for without end.
 */
export async function stage<Result>(
  clock: Clock,
  name: string,
  limitMs: number,
  deed: (doing: Doing, over: StageOver) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  let busyWith = "";
  const tooLong = Promise.withResolvers<never>();
  const callOff = clock.after(limitMs, () => {
    const where = busyWith === "" ? "" : ` while ${busyWith}`;
    tooLong.reject(new StageError(`${name}: stuck${where}, not done within ${formatDurationMs(limitMs)}`));
  });
  try {
    return await Promise.race([deed((what) => (busyWith = what), over.signal), tooLong.promise]);
  } catch (error) {
    if (error instanceof StageError) throw error;
    const where = busyWith === "" ? "" : `${busyWith}: `;
    throw new StageError(`${name}: ${where}${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    over.abort();
    callOff();
  }
}

import { howItEnded } from "../../analysis/process-end.ts";
import type { Evidence } from "../../history/annotations.ts";
import type { Host, HostNode } from "../../hosts/host.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, nowMs, sleepMs } from "../../time/clock.ts";

const patienceMs = 10_000;
const attemptMs = 500;
const pauseMs = 50;

/** How long a node took to answer after its start, in milliseconds; null when it did not, or its process ended. */
export async function answered(
  system: Pick<System, "ping">,
  host: Pick<Host, "alive">,
  node: HostNode,
  clock: Clock,
): Promise<number | null> {
  const startMs = nowMs(clock);
  const elapsedMs = (): number => nowMs(clock) - startMs;
  while (elapsedMs() < patienceMs) {
    const answers = await system.ping(node, attemptMs).then(
      () => true,
      () => false,
    );
    if (answers) return elapsedMs();
    if (!(await host.alive(node.id))) return null;
    await sleepMs(clock, pauseMs);
  }
  return null;
}

/**
 * Evidence of a start, with what the node itself had to say: only an answer proves that it is back. `silence` says why there
 * was none.
 */
export function withAnswer(started: Evidence, answeredAfterMs: number | null, silence: string): Evidence {
  const answer =
    answeredAfterMs === null ? `never answered${silence}` : `answered after ${Math.round(answeredAfterMs)} ms`;
  const proves = started.proves && answeredAfterMs !== null;
  return { ...started, observation: `${started.observation}; ${answer}`, proves };
}

/** Why a node does not answer, as far as its process shows: it ended, perhaps on a disk that is full. */
export async function whySilent(
  { excusedExits = {} }: Pick<System, "excusedExits">,
  host: Pick<Host, "ends">,
  id: string,
): Promise<string> {
  const end = (await host.ends()).findLast(({ node }) => node === id);
  if (end === undefined) return "";
  const excuse = end.excuse ?? (end.code === null ? undefined : excusedExits[end.code]);
  return `: its process ended ${howItEnded(end)}${excuse === undefined ? "" : ` (${excuse})`}`;
}

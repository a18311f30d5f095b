import type { Evidence } from "../../history/annotations.ts";
import type { Host, HostNode } from "../../hosts/host.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, nowMs, sleepMs } from "../../time/clock.ts";

const patienceMs = 10_000;
const attemptMs = 500;
const pauseMs = 50;

/** How long a node took to answer after its start, in milliseconds; null when it did not, or its process ended. */
export async function answered(
  system: Pick<System, "observe">,
  host: Pick<Host, "alive">,
  node: HostNode,
  clock: Clock,
): Promise<number | null> {
  const startMs = nowMs(clock);
  const elapsedMs = (): number => nowMs(clock) - startMs;
  while (elapsedMs() < patienceMs) {
    const seen = await system.observe(node, attemptMs).catch(() => null);
    if (seen !== null) return elapsedMs();
    if (!(await host.alive(node.id))) return null;
    await sleepMs(clock, pauseMs);
  }
  return null;
}

/** Evidence of a start, with what the node itself had to say: only an answer proves that it is back. */
export function withAnswer(started: Evidence, answeredAfterMs: number | null): Evidence {
  const answer = answeredAfterMs === null ? "never answered" : `answered after ${Math.round(answeredAfterMs)} ms`;
  const proves = started.proves && answeredAfterMs !== null;
  return { ...started, observation: `${started.observation}; ${answer}`, proves };
}

import type { Host } from "../../hosts/host.ts";
import { sleepMs } from "../../time/clock.ts";
import type { Observer } from "./observer.ts";
import type { Run } from "./run-context.ts";
import type { Doing, StageOver } from "./stage.ts";

/** How long one look at whether the cluster is ready may take. */
const readinessMs = 1000;

/** Waits until the cluster lacks nothing that its clients need. */
export async function whenReady(
  run: Run,
  host: Host,
  observer: Observer,
  doing: Doing,
  over: StageOver,
): Promise<void> {
  const { system, clock } = run.world;
  const signal = AbortSignal.any([run.signal, over]);
  const lacks = async (): Promise<string | null> => {
    if (system.lacks !== undefined) return system.lacks(host.nodes, readinessMs);
    return system.inspector === undefined || (await observer.look()).leader !== null ? null : lacksLeader(observer);
  };
  while (!signal.aborted) {
    const lacking = await lacks();
    if (lacking === null) return;
    doing(lacking);
    await sleepMs(clock, 100, signal);
  }
}

function lacksLeader(observer: Observer): string {
  const nodes = observer.current().map(({ node, role, term, commitIndex }) => {
    const inTerm = term === undefined ? "" : ` in term ${term}`;
    return `${node} ${role}${inTerm}${commitIndex === undefined ? "" : `, commit index ${commitIndex}`}`;
  });
  return `no node leads (${nodes.join("; ")})`;
}

import { isDeepStrictEqual } from "node:util";
import { leads, type NodeRecord } from "../../history/annotations.ts";
import type { Host } from "../../hosts/host.ts";
import type { ClusterView } from "../../nemesis/fault.ts";
import type { NodeObservation } from "../../sut/inspector.ts";
import type { System } from "../../sut/system.ts";
import { type Clock, nsPerMs, sleepUntilNs } from "../../time/clock.ts";

const everyMs = 200;
const patienceMs = 400;

/**
 * Watches every node from outside: its role and term where the system has an inspector, else whether it answers. The watch ends on
 * disposal, when the last look is over.
 */
export interface Observer extends AsyncDisposable {
  /** What each node last said. */
  current(): readonly NodeObservation[];
  /** Looks at every node now: who leads, for a fault that aims at the leader. */
  look(): Promise<Pick<ClusterView, "leader">>;
}

/** Looks at each node five times a second, and hands on each change. */
export function observe(system: System, host: Host, clock: Clock, changed: (record: NodeRecord) => void): Observer {
  const last = new Map<string, NodeObservation>();
  const newestLook = new Map<string, number>();
  let looks = 0;
  const stopped = new AbortController();
  const lookAt = async (node: Host["nodes"][number]): Promise<void> => {
    const look = ++looks;
    const seen = await lookOnce(system, host, node);
    // A slow answer must not replace the news of a look that began later.
    if ((newestLook.get(node.id) ?? 0) > look) return;
    newestLook.set(node.id, look);
    if (stopped.signal.aborted) return;
    const before = last.get(node.id);
    last.set(node.id, seen);
    if (!sameRecord(before, seen)) changed(nodeRecord(seen));
  };
  const watch = async (node: Host["nodes"][number]): Promise<void> => {
    while (!stopped.signal.aborted) {
      const nextNs = clock.nowNs() + everyMs * nsPerMs;
      await lookAt(node);
      await sleepUntilNs(clock, nextNs, stopped.signal);
    }
  };
  const watches = host.nodes.map(watch);
  return {
    current: () => [...last.values()],
    look: async () => {
      await Promise.all(host.nodes.map(lookAt));
      return { leader: leaderOf([...last.values()]) };
    },
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await Promise.all(watches);
    },
  };
}

/** Of several nodes that claim to lead, the one of the newest term: the others were deposed and do not know it yet. */
export function leaderOf(records: readonly NodeRecord[]): string | null {
  const leaders = records.filter(leads);
  return leaders.sort((one, other) => (other.term ?? 0) - (one.term ?? 0))[0]?.node ?? null;
}

async function lookOnce(
  system: Pick<System, "inspector" | "ping">,
  host: Host,
  node: Host["nodes"][number],
): Promise<NodeObservation> {
  try {
    if (system.inspector !== undefined) return await system.inspector.inspect(node, patienceMs);
    await system.ping(node, patienceMs);
    return { node: node.id, role: "up" };
  } catch {
    const alive = await host.alive(node.id).catch(hostUnreachable);
    return { node: node.id, role: alive ? "unreachable" : "down" };
  }
}

/** What of an observation goes into the history. */
export function nodeRecord({ node, role, leads: isLeading, term, leader }: NodeObservation): NodeRecord {
  return {
    node,
    role,
    ...(isLeading === undefined ? {} : { leads: isLeading }),
    ...(term === undefined ? {} : { term }),
    ...(leader === undefined ? {} : { leader }),
  };
}

function sameRecord(one: NodeRecord | undefined, other: NodeRecord): boolean {
  return one !== undefined && isDeepStrictEqual(nodeRecord(one), nodeRecord(other));
}

/** A host that cannot be asked leaves open whether the process exists: the node is unreachable, not known to be down. */
function hostUnreachable(): boolean {
  return true;
}

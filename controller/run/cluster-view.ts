import type { Host } from "../../hosts/host.ts";
import type { ClusterView } from "../../nemesis/fault.ts";
import type { System } from "../../sut/system.ts";
import type { Observer } from "./observer.ts";

/** A leader answers at once; while nobody leads nobody is asked. */
const membersTimeoutMs = 500;

/** The cluster as the nemesis chooses by: who leads, and who the members are where the system tells. */
export async function viewCluster(system: System, host: Host, observer: Observer): Promise<ClusterView> {
  const { leader } = await observer.look();
  const asked = leader === null ? undefined : system.administration;
  const members = (await asked?.members?.(host.nodes, membersTimeoutMs).catch(() => null)) ?? null;
  return { nodes: host.nodes.map(({ id }) => id), leader, members };
}

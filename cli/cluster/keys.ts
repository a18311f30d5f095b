import type { LocalCluster } from "./local-cluster.ts";

/** What a key does to the selected node. */
export interface KeyDeed {
  readonly key: string;
  readonly label: string;
  readonly deed: (cluster: ClusterDeeds, node: string) => Promise<string>;
}

export type ClusterDeeds = Pick<LocalCluster, "kill" | "pause" | "revive" | "transfer">;

/** Every key with a deed, in the order of the help line. */
export const keyDeeds: readonly KeyDeed[] = [
  { key: "k", label: "kill", deed: (cluster, node) => cluster.kill(node) },
  { key: "p", label: "pause", deed: (cluster, node) => cluster.pause(node) },
  { key: "r", label: "run again", deed: (cluster, node) => cluster.revive(node) },
  { key: "t", label: "make it leader", deed: (cluster, node) => cluster.transfer(node) },
];

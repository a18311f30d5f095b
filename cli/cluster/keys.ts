import type { LocalCluster } from "./local-cluster.ts";

/** What a key does to the selected node. */
export interface KeyAction {
  readonly key: string;
  readonly label: string;
  readonly run: (cluster: ClusterActions, node: string) => Promise<string>;
}

export type ClusterActions = Pick<LocalCluster, "kill" | "pause" | "revive" | "transfer">;

/** Every key with an action, in the order of the help line. */
export const keyActions: readonly KeyAction[] = [
  { key: "k", label: "kill", run: (cluster, node) => cluster.kill(node) },
  { key: "p", label: "pause", run: (cluster, node) => cluster.pause(node) },
  { key: "r", label: "run again", run: (cluster, node) => cluster.revive(node) },
  { key: "t", label: "make it leader", run: (cluster, node) => cluster.transfer(node) },
];

import type { Host, HostNode, Ports } from "../../hosts/host.ts";

/** What nodes of the Raft store listen on. */
export const raftPorts = { peer: "peers", client: "clients", http: "clients" } as const satisfies Ports;

export type RaftPort = keyof typeof raftPorts;
export type RaftNode = HostNode<RaftPort>;
export type RaftHost = Host<RaftPort>;

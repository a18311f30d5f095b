import { fileURLToPath } from "node:url";
import type { Client, Completion, HostNode, System } from "../../index.ts";

const server = fileURLToPath(new URL("server.mjs", import.meta.url));

/** A store whose nodes are all equal: each key lives on one of them, and any node answers for all keys. */
export const shards = {
  name: "shards",
  // One port for everybody: peers connect there too, so partitions cut what nodes send each other.
  ports: { http: "peers" },
  operations: new Set(["read", "write", "cas"]),
  readModes: ["owner"],
  defaultReadMode: "owner",
  failureDetectionMs: () => 500,
  processes: ({ id, addresses }) => {
    const peers = Object.fromEntries(Object.entries(addresses.peers).map(([peer, { http }]) => [peer, http]));
    const config = { id, listen: addresses.listen["http"], peers };
    return [{ program: "node", args: [server, JSON.stringify(config)], env: {} }];
  },
  ping: async (node, timeoutMs) => {
    await fetch(urlOf(node, "/ping"), { signal: AbortSignal.timeout(timeoutMs) });
  },
  client: (cluster, { pinnedTo }) => clientOf(cluster.find(({ id }) => id === pinnedTo) ?? cluster[0]!),
} satisfies System;

function clientOf(node: HostNode): Client {
  const closed = new AbortController();
  return {
    invoke: async (operation, timeoutMs): Promise<Completion> => {
      try {
        const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)]);
        const response = await fetch(urlOf(node, "/"), { method: "POST", body: JSON.stringify(operation), signal });
        if (!response.ok) return { type: "info", error: "outcome-unknown", node: node.id };
        const { value, refused } = (await response.json()) as { value?: unknown; refused?: true };
        if (refused) return { type: "fail", error: "cas-mismatch", node: node.id };
        return { type: "ok", value, node: node.id };
      } catch {
        // The request may have arrived: only what certainly did not happen is `fail`.
        return { type: "info", error: "connection-lost", node: node.id };
      }
    },
    close: () => closed.abort(),
  };
}

function urlOf({ addresses }: HostNode, path: string): string {
  const { host, port } = addresses.reach["http"]!;
  return `http://${host}:${port}${path}`;
}

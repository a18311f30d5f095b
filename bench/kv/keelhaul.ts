import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TestCluster } from "../../sut/raft/node/test-cluster.ts";
import type { Target } from "./target.ts";

const bundle = fileURLToPath(new URL("../../dist/bundles/raft-node.mjs", import.meta.url));
const patienceMs = 15_000;

/** Nodes of ours as users get them: the built bundle, default knobs but for those given. */
export async function createNodes(knobs: Record<string, unknown>, size = 3): Promise<TestCluster> {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; npm run build makes it`);
  return TestCluster.create(size, "read-index", knobs, bundle);
}

export async function startKeelhaul(knobs: Record<string, unknown>): Promise<Target> {
  const cluster = await createNodes(knobs);
  cluster.startAll();
  return {
    protocol: "keelhaul",
    leader: async () => {
      const { id, secret, addresses } = cluster.node(await cluster.leader(patienceMs));
      return { ...addresses.reach.client, greeted: { id, secret } };
    },
    stop: () => cluster.destroy(),
  };
}

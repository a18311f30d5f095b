import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TestCluster } from "../../sut/raft/node/test-cluster.ts";
import type { Target } from "./target.ts";

const bundle = fileURLToPath(new URL("../../dist/bundles/raft-node.mjs", import.meta.url));
const patienceMs = 15_000;

/** Three nodes of ours as users get them: the built bundle, default knobs. */
export async function createNodes(knobs: Record<string, unknown>): Promise<TestCluster> {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; npm run build makes it`);
  return TestCluster.create(3, "read-index", knobs, bundle);
}

export async function startKeelhaul(knobs: Record<string, unknown>): Promise<Target> {
  const cluster = await createNodes(knobs);
  cluster.startAll();
  return {
    protocol: "keelhaul",
    leader: async () => cluster.node(await cluster.leader(patienceMs)).addresses.reach.client,
    stop: () => cluster.destroy(),
  };
}

import { parseArgs } from "node:util";
import { knobsSchema } from "../sut/raft/node/knobs.ts";
import type { TestCluster } from "../sut/raft/node/test-cluster.ts";
import { raft } from "../sut/raft/system.ts";
import { createNodes } from "./kv/keelhaul.ts";

/**
 * How long writes stand still when the leader is killed: `npm run bench:failover`, or fewer times by `--times 10`. From the
 * SIGKILL to the first write that a client gets acknowledged afterwards; the killed node is started again before the next time.
 */
const { values } = parseArgs({ options: { times: { type: "string", default: "50" } } });
const times = Number(values.times);
const attemptMs = 20_000;
const { electionTimeoutMs } = knobsSchema.parse({});
const boundMs = 2 * electionTimeoutMs;

const cluster = await createNodes({});
try {
  cluster.startAll();
  const durations: number[] = [];
  for (let time = 0; time < times; time++) durations.push(await failOver(cluster, time));
  durations.sort((a, b) => a - b);
  const at = (share: number) => (durations[Math.floor(share * (times - 1))] ?? Number.NaN).toFixed(0);
  const within = durations.filter((duration) => duration <= boundMs).length;
  console.log(
    `${times} leaders killed, three nodes, default knobs. To the next acknowledged write: ` +
      `median ${at(0.5)} ms, 90 % ${at(0.9)} ms, longest ${at(1)} ms; ` +
      `${within} of ${times} within ${boundMs} ms, the longest election timeout, to which a round trip comes.`,
  );
} finally {
  await cluster.destroy();
}

async function failOver(cluster: TestCluster, time: number): Promise<number> {
  const leader = await cluster.leader(attemptMs);
  const client = raft.client(cluster.nodes, {});
  try {
    await write(client, `before-${time}`);
    const killedAt = performance.now();
    await cluster.signal(leader, "SIGKILL");
    await write(client, `after-${time}`);
    return performance.now() - killedAt;
  } finally {
    client.close();
    cluster.start(leader);
    await caughtUp(cluster, leader);
  }
}

async function write(client: ReturnType<typeof raft.client>, value: string): Promise<void> {
  const outcome = await client.invoke({ f: "write", key: "k", value }, attemptMs);
  if (outcome.type !== "ok") throw new Error(`a write ended as ${JSON.stringify(outcome)}`);
}

/** The next time begins with a whole cluster. */
async function caughtUp(cluster: TestCluster, id: string): Promise<void> {
  const leader = await cluster.leader(attemptMs);
  const { commitIndex = 0 } = await raft.inspector.inspect(cluster.node(leader), attemptMs);
  for (const deadline = performance.now() + attemptMs; performance.now() < deadline; ) {
    const view = await raft.inspector.inspect(cluster.node(id), attemptMs).catch(() => null);
    if ((view?.lastApplied ?? 0) >= commitIndex) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${id} did not catch up within ${attemptMs} ms of its restart`);
}

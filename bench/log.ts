import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { askOverHttp, httpTarget } from "../sut/raft/client/http.ts";
import type { NodeStatus } from "../sut/raft/node/http/status.ts";
import { statusWhen } from "../sut/raft/node/test-cluster.ts";
import type { RaftNode } from "../sut/raft/ports.ts";
import { createNodes } from "./kv/keelhaul.ts";
import { runLoad } from "./kv/run-load.ts";

/**
 * What a long log costs: `npm run bench:log` writes a million entries to three nodes, looks at their disks and memory on the
 * way, adds a fourth node under the same load, and kills and restarts all. `--entries 50000 --set snapshotEntries=1000`
 * measure less, or something else.
 */
const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "1000000" },
    set: { type: "string", multiple: true, default: [] },
  },
});
const wantedEntries = Number(values.entries);
const load = { operation: "put", clients: 64, keys: 10_000, valueBytes: 256, warmUpSeconds: 0 } as const;
const patienceMs = 60_000;
const samples = 10;

const cluster = await createNodes(Object.fromEntries(values.set.map((text) => text.split("=", 2))), 4);
cluster.initialVoters = ["n1", "n2", "n3"];
const voters = cluster.nodes.slice(0, 3);
try {
  for (const { id } of voters) cluster.start(id);
  await fill();
  await addFourth(cluster.nodes[3] as RaftNode);
  await restart();
} finally {
  await cluster.destroy();
}

/** Samples while the log grows. */
async function fill(): Promise<void> {
  console.log(row(["entries", "seconds", "disk MB", "RSS MB", "in memory"]));
  const startedAt = performance.now();
  for (let sample = 1; sample <= samples; sample++) {
    const until = (wantedEntries * sample) / samples;
    for (let status = await leaderStatus(); status.commitIndex < until; status = await leaderStatus()) await write(1);
    const { commitIndex } = await leaderStatus();
    const seconds = (performance.now() - startedAt) / 1000;
    const [disk, rss, memory] = await Promise.all([largest(diskBytes), largest(rssBytes), largest(entriesInMemory)]);
    console.log(row([commitIndex, seconds.toFixed(0), megabytes(disk), megabytes(rss), memory]));
  }
}

/** A learner that catches up under writes, and is then made a voter. */
async function addFourth(node: RaftNode): Promise<void> {
  const leader = await leaderNode();
  const writing = { done: false };
  const writes = (async () => {
    while (!writing.done) await write(1);
  })();
  const startedAt = performance.now();
  cluster.start(node.id);
  await statusWhen(node, () => true, patienceMs);
  await post(leader, "/members", { id: node.id, role: "learner" });
  await promoteWhenReady(leader, node.id);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
  writing.done = true;
  await writes;
  console.log(`a fourth node was started, caught up and made a voter under writes in ${seconds} s`);
}

async function restart(): Promise<void> {
  await Promise.all(cluster.nodes.map(({ id }) => cluster.signal(id, "SIGKILL")));
  const startedAt = performance.now();
  cluster.startAll();
  await Promise.all(cluster.nodes.map((node) => statusWhen(node, () => true, patienceMs)));
  const recovered = ((performance.now() - startedAt) / 1000).toFixed(2);
  await cluster.leader(patienceMs);
  const led = ((performance.now() - startedAt) / 1000).toFixed(2);
  console.log(`all were killed and started again: recovered after ${recovered} s, a leader after ${led} s`);
}

async function write(seconds: number): Promise<void> {
  const { client } = (await leaderNode()).addresses.reach;
  await runLoad({ ...load, ...client, protocol: "keelhaul", seconds });
}

async function leaderNode(): Promise<RaftNode> {
  return cluster.node(await cluster.leader(patienceMs));
}

async function leaderStatus(): Promise<NodeStatus> {
  return statusWhen(await leaderNode(), () => true, patienceMs);
}

async function promoteWhenReady(leader: RaftNode, id: string): Promise<void> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; ) {
    const { status } = await post(leader, `/members/${id}/promote`).catch((error: HttpRefusal) => error);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${id} was not made a voter within ${patienceMs} ms`);
}

class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function post(node: RaftNode, path: string, body?: unknown): Promise<Response> {
  const request = { method: "POST", path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await askOverHttp(httpTarget(node), request, patienceMs);
  if (!response.ok) throw new HttpRefusal(response.status, `${path}: ${await response.text()}`);
  return response;
}

async function largest(measure: (node: RaftNode) => Promise<number>): Promise<number> {
  return Math.max(...(await Promise.all(voters.map(measure))));
}

async function diskBytes({ dataDir }: RaftNode): Promise<number> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  // A segment may be removed between the two looks.
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name)).catch(() => null)));
  return sizes.reduce((sum, file) => sum + (file?.size ?? 0), 0);
}

async function rssBytes({ id }: RaftNode): Promise<number> {
  const status = await readFile(`/proc/${cluster.pid(id)}/status`, "utf8");
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

async function entriesInMemory(node: RaftNode): Promise<number> {
  const { firstLogIndex, lastLogIndex } = await statusWhen(node, () => true, patienceMs);
  return lastLogIndex - firstLogIndex + 1;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => `${cell}`.padStart(12)).join("");
}

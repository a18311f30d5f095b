import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SystemOptions } from "../../system.ts";
import { askOverHttp, httpTarget } from "../client/http.ts";
import type { RaftNode } from "../ports.ts";
import { nodeConfig, raft, raftProcess } from "../system.ts";
import type { NodeStatus } from "./http/status.ts";

/** What the nodes of test clusters and their clients prove that they know. */
export const testSecret = "0123456789abcdef0123456789abcdef";

const source = join(import.meta.dirname, "main.ts");

/** Real node processes on loopback, for tests and benchmarks. Every process is ended by `destroy`. */
export class TestCluster {
  readonly nodes: readonly RaftNode[];
  readonly #directory: string;
  readonly #options: SystemOptions;
  readonly #program: string;
  /** The latest process of each node. */
  readonly #processes = new Map<string, ChildProcess>();
  readonly #started = new Set<ChildProcess>();
  readonly output = new Map<string, string>();
  /** The voters that every node is told of from now on; all nodes, if left out. The others are spares. */
  initialVoters: readonly string[] | undefined;

  /** `program`: what each node runs, its source if nothing else is said. */
  static async create(
    size: number,
    readMode: string,
    knobs: Record<string, unknown>,
    program = source,
  ): Promise<TestCluster> {
    const directory = await mkdtemp(join(tmpdir(), "keelhaul-raft-"));
    const ports = await freePorts(size * 3);
    const endpoint = (place: number) => ({ host: "127.0.0.1", port: ports[place] ?? 0 });
    const ids = Array.from({ length: size }, (_, i) => `n${i + 1}`);
    const nodes = ids.map((id, i): RaftNode => {
      const listen = { peer: endpoint(3 * i), client: endpoint(3 * i + 1), http: endpoint(3 * i + 2) };
      const peers = Object.fromEntries(ids.map((peer, j) => [peer, { peer: endpoint(3 * j) }]));
      return { id, secret: testSecret, dataDir: join(directory, id), addresses: { listen, peers, reach: listen } };
    });
    return new TestCluster(nodes, directory, { readMode, knobs }, program);
  }

  private constructor(nodes: readonly RaftNode[], directory: string, options: SystemOptions, program: string) {
    this.nodes = nodes;
    this.#directory = directory;
    this.#options = options;
    this.#program = program;
  }

  startAll(): void {
    for (const node of this.nodes) this.start(node.id);
  }

  start(id: string): void {
    const members = this.initialVoters === undefined ? {} : { members: this.initialVoters };
    const options = { ...this.#options, ...members };
    const { env } = raftProcess(this.node(id), this.nodes, options);
    const config = nodeConfig(this.node(id), this.nodes, options);
    const child = spawn(process.execPath, [this.#program, "--config", JSON.stringify(config)], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (chunk: Buffer) => this.output.set(id, (this.output.get(id) ?? "") + chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    this.#processes.set(id, child);
    this.#started.add(child);
  }

  /** Sends the signal; for one that ends the process, waits until it has, and returns its exit code. */
  async signal(id: string, signal: NodeJS.Signals): Promise<number | null> {
    const gone = this.exit(id);
    this.#process(id).kill(signal);
    return signal === "SIGSTOP" || signal === "SIGCONT" ? null : gone;
  }

  /** The node's exit code, once its process has ended and everything it said was read. */
  async exit(id: string): Promise<number | null> {
    const [code] = (await once(this.#process(id), "close")) as [number | null];
    return code;
  }

  /** The process that runs the node. */
  pid(id: string): number | undefined {
    return this.#process(id).pid;
  }

  /** The node that leads, by its own word and with the newest term, waiting for one up to `withinMs`. */
  async leader(withinMs: number): Promise<string> {
    const deadline = performance.now() + withinMs;
    while (performance.now() < deadline) {
      const views = await Promise.allSettled(this.nodes.map((node) => raft.inspector.inspect(node, 500)));
      const leaders = views.flatMap((view) =>
        view.status === "fulfilled" && view.value.role === "leader" ? [view.value] : [],
      );
      const newest = leaders.sort((a, b) => (b.term ?? 0) - (a.term ?? 0))[0];
      if (newest !== undefined) return newest.node;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`no leader within ${withinMs} ms:\n${[...this.output.values()].join("\n")}`);
  }

  /** Waits until the node's output has the text. */
  async said(id: string, text: string, withinMs: number): Promise<void> {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
      if (this.output.get(id)?.includes(text)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${id} did not say "${text}" within ${withinMs} ms:\n${this.output.get(id)}`);
  }

  node(id: string): RaftNode {
    const node = this.nodes.find((candidate) => candidate.id === id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  }

  #process(id: string): ChildProcess {
    const child = this.#processes.get(id);
    if (child === undefined) throw new Error(`${id} was not started`);
    return child;
  }

  async destroy(): Promise<void> {
    for (const child of this.#started) child.kill("SIGKILL");
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a node shows of itself, once that is as it should be. */
export async function statusWhen(
  node: RaftNode,
  holds: (status: NodeStatus) => boolean,
  withinMs: number,
): Promise<NodeStatus> {
  for (const deadline = performance.now() + withinMs; ; ) {
    const status = await askOverHttp(httpTarget(node), { path: "/status" }, withinMs).then(
      async (response) => (await response.json()) as NodeStatus,
      () => null,
    );
    if (status !== null && holds(status)) return status;
    if (performance.now() > deadline) throw new Error(`${node.id} shows ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Below the ports that outgoing connections are given, so that a redialling peer cannot take a killed node's port. */
const portRange = [15_000, 32_000] as const;

export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let tries = 0; servers.length < count && tries < 1000; tries++) {
    const server = createServer();
    const outcome = once(server, "listening").then(
      () => "free",
      () => "taken",
    );
    server.listen(randomInt(...portRange), "127.0.0.1");
    if ((await outcome) === "free") servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Evidence } from "../../history/annotations.ts";
import type { Injection } from "../../hosts/injection.ts";
import { httpAddress, httpTarget } from "../../sut/raft/client/http.ts";
import { type RaftStatus, raftStatus } from "../../sut/raft/client/status.ts";
import type { RaftHost, RaftNode } from "../../sut/raft/ports.ts";
import { type RaftOptions, raftProcess } from "../../sut/raft/system.ts";
import { askCluster } from "../kv/cluster-client.ts";

/** `exited`: the process is gone, and nobody killed it. */
export type NodeState = "up" | "silent" | "paused" | "killed" | "exited";

/** A node as the table shows it. */
export interface NodeView {
  readonly id: string;
  readonly http: string;
  readonly state: NodeState;
  /** Its own last report; null when it does not answer. */
  readonly status: RaftStatus | null;
}

const observePatienceMs = 300;

/** A Raft cluster by hand: its nodes are observed, killed, paused and started again one by one. */
export class LocalCluster {
  readonly #host: RaftHost;
  readonly #options: RaftOptions;
  /** The last action on a node, where it still has an effect. */
  readonly #done = new Map<string, "paused" | "killed">();
  readonly #pauses = new Map<string, Injection>();

  constructor(host: RaftHost, options: RaftOptions) {
    this.#host = host;
    this.#options = options;
  }

  get nodes(): readonly RaftNode[] {
    return this.#host.nodes;
  }

  async startAll(): Promise<void> {
    for (const { id } of this.nodes) await this.#start(id);
  }

  observe(): Promise<readonly NodeView[]> {
    return Promise.all(this.nodes.map((node) => this.#observe(node)));
  }

  /** Each action returns a sentence that says what happened. */
  async kill(id: string): Promise<string> {
    const { observation, proves } = await this.#host.kill(id);
    if (proves) this.#done.set(id, "killed");
    return `kill ${id}: ${observation}`;
  }

  async pause(id: string): Promise<string> {
    if (this.#pauses.has(id)) return `pause ${id}: it is paused already`;
    const pause = await this.#host.inject(id, { kind: "pause" });
    this.#pauses.set(id, pause);
    if (pause.evidence.every(({ proves }) => proves)) this.#done.set(id, "paused");
    return `pause ${id}: ${observationsOf(pause.evidence)}`;
  }

  /** Starts a node whose process is gone, and lets a paused one go on. */
  async revive(id: string): Promise<string> {
    if (!(await this.#host.alive(id))) return `start ${id}: ${await this.#start(id)}`;
    const pause = this.#pauses.get(id);
    if (pause === undefined) return `resume ${id}: it is not paused`;
    this.#pauses.delete(id);
    this.#done.delete(id);
    return `resume ${id}: ${observationsOf(await pause.heal())}`;
  }

  /** Asks the leader to hand over to the node. */
  async transfer(id: string): Promise<string> {
    const request = { method: "POST", path: "/transfer", body: JSON.stringify({ to: id }) };
    const answer = await askCluster(this.nodes.map(httpTarget), request);
    return answer.ok ? `${id} leads now` : `no transfer to ${id}: ${answer.message}`;
  }

  /** Ends every node; a second call waits for the first. */
  stop(): Promise<void> {
    return this.#host.destroy();
  }

  async #start(id: string): Promise<string> {
    const node = this.nodes.find((candidate) => candidate.id === id)!;
    const { observation } = await this.#host.start(id, raftProcess(node, this.nodes, this.#options));
    this.#done.delete(id);
    this.#pauses.delete(id);
    return observation;
  }

  async #observe(node: RaftNode): Promise<NodeView> {
    const { id } = node;
    const http = httpAddress(node);
    const status = await raftStatus(httpTarget(node), observePatienceMs).catch(() => null);
    if (status !== null) return { id, http, state: "up", status };
    const done = this.#done.get(id);
    const alive = await this.#host.alive(id);
    const state = alive ? (done === "paused" ? "paused" : "silent") : done === "killed" ? "killed" : "exited";
    return { id, http, state, status: null };
  }
}

function observationsOf(evidence: readonly Evidence[]): string {
  return evidence.map(({ observation }) => observation).join("; ");
}

/** Waits until every node answers or one has exited. */
export async function whenAllAnswer(cluster: LocalCluster, withinMs: number): Promise<readonly NodeView[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const views = await cluster.observe();
    const settled = views.every(({ state }) => state === "up") || views.some(({ state }) => state === "exited");
    if (settled || performance.now() >= deadline) return views;
    await sleep(50);
  }
}

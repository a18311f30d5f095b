import { join } from "node:path";
import type { Edge, Evidence } from "../../history/annotations.ts";
import type { ProcessEnd } from "../host.ts";
import type { AgentClient } from "./client.ts";
import { cutEvidence, isOpen, mendEvidence } from "./evidence.ts";
import type { Drops, Probe, ProcessState, Reply, Request } from "./protocol.ts";

const renewEveryMs = 1000;
/** A renewal that takes longer than this is worth telling: the next but one may come too late. */
const renewWithinMs = 2000;
/** An open edge answers in a few milliseconds; a probe that had none after this is taken as stopped by the cut. */
const cutProbeTimeoutMs = 300;
/** A mended edge answers as soon as it can, so that waiting longer costs nothing but on a machine that is too busy. */
const mendProbeTimeoutMs = 3000;

/** The two agents of an edge: where it is cut, and from where it is probed. They may be one and the same. */
export type AgentOf = (node: string) => AgentClient;

/**
 * The deeds of a host whose nodes have agents, whatever machines they are on: forwards each deed to the agent
 * concerned, renews the leases, and puts the evidence together.
 */
export class Fleet {
  readonly #agentOf: AgentOf;
  readonly #agents: ReadonlySet<AgentClient>;
  /** The endings of the files that each node was started with. */
  readonly #endings = new Map<string, ReadonlySet<string>>();
  readonly #cutEdges = new Map<string, Edge>();
  readonly #lapses = new Map<AgentClient, number>();
  readonly #onProblem: (problem: string) => void;
  #renewals: NodeJS.Timeout | undefined;
  #lapsesAtCut = 0;
  readonly #lapsesAtPause = new Map<string, number>();

  /** `onProblem`: told, in words, when a lease could not be renewed, and when faults ended early because of it. */
  constructor(nodes: readonly string[], agentOf: AgentOf, onProblem: (problem: string) => void) {
    this.#agentOf = agentOf;
    this.#agents = new Set(nodes.map(agentOf));
    this.#onProblem = onProblem;
  }

  /** Renews all leases from now on, until `dropLeases`. */
  keepLeases(): void {
    this.#renewals = setInterval(() => void this.#renewAll(), renewEveryMs);
    this.#renewals.unref();
  }

  start(request: Request<"start">): Promise<Evidence> {
    this.#endings.set(request.node, new Set(["log", ...Object.keys(request.files ?? {})]));
    return this.#agentOf(request.node).call("start", request);
  }

  kill(node: string): Promise<Evidence> {
    return this.#agentOf(node).call("kill", { node });
  }

  async pause(node: string): Promise<Evidence> {
    this.#lapsesAtPause.set(node, await this.#countLapses());
    return this.#agentOf(node).call("pause", { node });
  }

  async resume(node: string): Promise<Evidence> {
    const lapses = (await this.#countLapses()) - (this.#lapsesAtPause.get(node) ?? 0);
    const evidence = await this.#agentOf(node).call("resume", { node });
    if (!this.#lapsesAtPause.delete(node) || lapses === 0) return evidence;
    return { ...evidence, observation: `${evidence.observation}; ${lapseNote}`, proves: false };
  }

  async state(node: string): Promise<ProcessState> {
    return this.#agentOf(node).call("state", { node });
  }

  /** What ended by itself, on all machines, the longest ago first. */
  async ends(): Promise<readonly ProcessEnd[]> {
    const answers = await Promise.all([...this.#agents].map((agent) => agent.call("ends", {})));
    return answers.flatMap(({ ends }) => ends).sort((one, other) => other.agoMs - one.agoMs);
  }

  async cut(edges: readonly Edge[]): Promise<readonly Evidence[]> {
    for (const [from, to] of edges) if (from === to) throw new Error(`${from}->${to} is no edge between two nodes`);
    if (this.#cutEdges.size === 0) this.#lapsesAtCut = await this.#countLapses();
    for (const edge of edges) this.#cutEdges.set(edge.join(), edge);
    await this.#perAgent(edges, receiver, (agent, mine) => agent.call("cut", { edges: mine }));
    const probes = await this.#probe(edges, cutProbeTimeoutMs);
    const drops = await this.#drops(edges); // after the probes, which are among what was dropped
    const states = await this.#states(edges);
    return edges.map((edge) => cutEvidence(edge, pick(probes, edge), pick(drops, edge), states.get(edge[1])));
  }

  /** Edges that could not be shown to be open are probed again by the next call. */
  async mend(): Promise<readonly Evidence[]> {
    const edges = [...this.#cutEdges.values()];
    const drops = await this.#drops(edges);
    await Promise.all([...this.#agents].map((agent) => agent.call("mend", {})));
    const probes = await this.#probe(edges, mendProbeTimeoutMs);
    for (const { edge } of probes.filter(isOpen)) this.#cutEdges.delete(edge.join());
    const states = await this.#states(edges);
    const lapsed = edges.length > 0 && (await this.#countLapses()) > this.#lapsesAtCut;
    const note = lapsed ? lapseNote : undefined;
    return edges.map((edge) => mendEvidence(edge, pick(probes, edge), pick(drops, edge), states.get(edge[1]), note));
  }

  /** Copies the log of each node that was ever started into `FOLDER/NODE.log`, and so its other files. */
  async copyFiles(folder: string): Promise<void> {
    await Promise.all(
      [...this.#endings].flatMap(([node, endings]) =>
        [...endings].map((ending) => this.#agentOf(node).copyFile(node, ending, join(folder, `${node}.${ending}`))),
      ),
    );
  }

  dropLeases(): void {
    clearInterval(this.#renewals);
  }

  /** Ends all agents, with their processes. */
  async end(): Promise<void> {
    this.dropLeases();
    await Promise.all([...this.#agents].map((agent) => agent.call("end", {})));
  }

  async #renewAll(): Promise<void> {
    await Promise.all(
      [...this.#agents].map((agent) =>
        this.#renew(agent, renewWithinMs).catch((e: Error) => this.#onProblem(e.message)),
      ),
    );
  }

  async #renew(agent: AgentClient, timeoutMs?: number): Promise<void> {
    const { lapses } = await agent.call("renew", {}, timeoutMs);
    if (lapses > (this.#lapses.get(agent) ?? 0)) this.#onProblem(`a fault was undone early: ${lapseReason}`);
    this.#lapses.set(agent, lapses);
  }

  async #countLapses(): Promise<number> {
    await Promise.all([...this.#agents].map((agent) => this.#renew(agent)));
    return [...this.#lapses.values()].reduce((sum, lapses) => sum + lapses, 0);
  }

  async #probe(edges: readonly Edge[], timeoutMs: number): Promise<Probe[]> {
    const answers = await this.#perAgent(edges, sender, (agent, mine) =>
      agent.call("probe", { edges: mine, timeoutMs }),
    );
    return answers.flatMap(({ probes }) => probes);
  }

  async #drops(edges: readonly Edge[]): Promise<Drops[]> {
    const answers = await this.#perAgent(edges, receiver, (agent, mine) => agent.call("drops", { edges: mine }));
    return answers.flatMap(({ drops }: Reply<"drops">) => drops);
  }

  async #states(edges: readonly Edge[]): Promise<Map<string, ProcessState>> {
    const nodes = [...new Set(edges.map(receiver))];
    return new Map(await Promise.all(nodes.map(async (node) => [node, await this.state(node)] as const)));
  }

  /** One call to each agent concerned, with its share of the edges. */
  #perAgent<T>(
    edges: readonly Edge[],
    end: (edge: Edge) => string,
    call: (agent: AgentClient, edges: readonly Edge[]) => Promise<T>,
  ): Promise<T[]> {
    const shares = Map.groupBy(edges, (edge) => this.#agentOf(end(edge)));
    return Promise.all([...shares].map(([agent, mine]) => call(agent, mine)));
  }
}

const lapseReason = "the controller did not renew its lease in time";
const lapseNote = `it had ended before, as ${lapseReason}`;

const sender = ([from]: Edge) => from;
const receiver = ([, to]: Edge) => to;

function pick<T extends { edge: Edge }>(facts: readonly T[], edge: Edge): T {
  const fact = facts.find((candidate) => candidate.edge.join() === edge.join());
  if (!fact) throw new Error(`no agent answered for edge ${edge.join("->")}`);
  return fact;
}

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Edge, Evidence } from "../../history/annotations.ts";
import type { Impairment, NodeAction, ProcessEnd } from "../host.ts";
import { type Injection, injection, together } from "../injection.ts";
import { impairedEvidence, recoveredEvidence } from "../links/evidence.ts";
import { flawless, type Measurement, measurementOf, type Sample } from "../links/sample.ts";
import { Shares } from "../shares.ts";
import { type ActionRequest, actionRequest } from "./actions/registry.ts";
import type { AgentClient } from "./client.ts";
import { cutEvidence, mendEvidence } from "./evidence.ts";
import { isOpen } from "./links/probe.ts";
import { type Drops, logEnding, type Probe, type ProcessState, type Reply, type Request } from "./protocol.ts";

const renewEveryMs = 1000;
/** A renewal that takes longer than this is worth telling: the next but one may come too late. */
const renewWithinMs = 2000;
/** How much later than a program's own limit its agent answers at the latest. */
const answerWithinMs = 5000;
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
  readonly #lapses = new Map<AgentClient, number>();
  readonly #onProblem: (problem: string) => void;
  /** Edges that cannot be measured, as they carry nothing. */
  readonly #cutEdges = new Shares();
  #renewals: NodeJS.Timeout | undefined;

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

  /** Goes on where another controller stopped. Returns what that one injected and did not heal. */
  async takeOver(): Promise<readonly Injection[]> {
    const found = await Promise.all(
      [...this.#agents].map(async (agent) => {
        const { lapses } = await agent.call("renew", {});
        this.#lapses.set(agent, lapses);
        const { holds, files } = await agent.call("inventory", {});
        for (const [node, endings] of Object.entries(files)) this.#endings.set(node, new Set(endings));
        return holds.map((held) => ({ agent, ...held }));
      }),
    );
    return [...Map.groupBy(found.flat(), ({ hold }) => hold)].map(([hold, parts]) => {
      const cut = new Set(parts.flatMap(({ action }) => (action.kind === "cut" ? action.edges : [])));
      const agents = parts.map(({ agent }) => agent);
      const impaired = impairmentOf(parts.map(({ action }) => action));
      if (cut.size > 0) return injection([], () => this.#mend(cut, agents, hold));
      if (impaired !== null) return injection([], () => this.#repair(impaired, agents, hold));
      return injection([], () => this.#undo(agents[0]!, hold));
    });
  }

  start(request: Request<"start">): Promise<Evidence> {
    const endings = [logEnding(request.name), ...Object.keys(request.files ?? {})];
    this.#endings.set(request.node, new Set([...(this.#endings.get(request.node) ?? []), ...endings]));
    return this.#agentOf(request.node).call("start", request);
  }

  /** Runs a program to its end on the node's machine. */
  run(node: string, request: Request<"run">): Promise<Reply<"run">> {
    return this.#agentOf(node).call("run", request, request.timeoutMs + answerWithinMs);
  }

  kill(node: string): Promise<Evidence> {
    return this.#agentOf(node).call("kill", { node });
  }

  /** Does something to the node that heals when its injection does. */
  async inject(node: string, action: NodeAction): Promise<Injection> {
    const agent = this.#agentOf(node);
    const hold = randomUUID();
    const { evidence } = await agent.call("inject", { hold, action: actionRequest.parse({ ...action, node }) });
    return injection(evidence, () => this.#undo(agent, hold));
  }

  async state(node: string): Promise<ProcessState> {
    return this.#agentOf(node).call("state", { node });
  }

  /** What ended by itself, on all machines, the longest ago first. */
  async ends(): Promise<readonly ProcessEnd[]> {
    const answers = await Promise.all([...this.#agents].map((agent) => agent.call("ends", {})));
    return answers.flatMap(({ ends }) => ends).sort((one, other) => other.agoMs - one.agoMs);
  }

  /** Drops all that is sent along the edges, each at the machine that it leads to. */
  async cut(edges: readonly Edge[]): Promise<Injection> {
    requireEdges(edges);
    const hold = randomUUID();
    const shares = [...Map.groupBy(edges, (edge) => this.#agentOf(receiver(edge)))];
    const made = shares.map(async ([agent, mine]) => {
      await agent.call("inject", { hold, action: { kind: "cut", edges: mine } });
      return injection([], async () => (await this.#heal(agent, hold)).evidence);
    });
    await using halfway = new AsyncDisposableStack(); // heals a cut that could not be observed
    halfway.use(await together(made));
    const probes = await this.#probe(edges, cutProbeTimeoutMs);
    const drops = await this.#drops(edges); // after the probes, which are among what was dropped
    const states = await this.#states(edges);
    const evidence = edges.map((edge) =>
      cutEvidence(edge, pick(probes, edge), pick(drops, edge), states.get(receiver(edge))),
    );
    const closed = new Set(edges);
    halfway.move();
    const release = this.#cutEdges.take(edges.map(nameOf));
    return injection(evidence, () => {
      release();
      return this.#mend(
        closed,
        shares.map(([agent]) => agent),
        hold,
      );
    });
  }

  /** Impairs what is sent along the edges, at whichever of their two machines that is done. */
  async impair(edges: readonly Edge[], impairment: Impairment): Promise<Injection> {
    requireEdges(edges);
    const hold = randomUUID();
    const measurement = measurementOf(impairment);
    const before = await this.#sample(edges, measurement);
    const agents = [...new Set(edges.flat().map(this.#agentOf))];
    const made = agents.map(async (agent) => {
      const mine = edges.filter((edge) => edge.some((node) => this.#agentOf(node) === agent));
      await agent.call("inject", { hold, action: impairing(mine, impairment) });
      return injection([], async () => (await this.#heal(agent, hold)).evidence);
    });
    await using halfway = new AsyncDisposableStack(); // repairs what could not be observed
    halfway.use(await together(made));
    const during = await this.#sample(edges, measurement);
    halfway.move();
    const evidence = edges.map((edge) =>
      impairedEvidence(edge, impairment, pick(before, edge).sample, pick(during, edge).sample),
    );
    return injection(evidence, () => this.#repair({ impairment, before }, agents, hold));
  }

  async #repair({ impairment, before }: Impaired, agents: readonly AgentClient[], hold: string) {
    const healed = await Promise.all(agents.map((agent) => this.#heal(agent, hold)));
    const held = new Map(healed.flatMap(({ evidence }) => evidence.map((one) => [one.subject, one] as const)));
    const free = before.filter(({ edge }) => !held.has(nameOf(edge)));
    const cut = free.filter(({ edge }) => this.#cutEdges.isHeld(nameOf(edge)));
    const open = free.filter((one) => !cut.includes(one));
    const after = await this.#sample(
      open.map(({ edge }) => edge),
      measurementOf(impairment),
    );
    const repaired = open.map(({ edge, sample }) =>
      recoveredEvidence(edge, impairment, sample, pick(after, edge).sample),
    );
    const lapsed = healed.some((one) => one.lapsed);
    return [...(lapsed ? repaired.map(endedEarly) : repaired), ...cut.map(cutByOthers), ...held.values()];
  }

  /** Edges that could not be shown to be open stay in the set, for the next call. */
  async #mend(closed: Set<Edge>, agents: readonly AgentClient[], hold: string): Promise<readonly Evidence[]> {
    const edges = [...closed];
    const drops = await this.#drops(edges);
    const healed = await Promise.all(agents.map((agent) => this.#heal(agent, hold)));
    const held = healed.flatMap(({ evidence }) => evidence);
    const isHeld = (edge: Edge): boolean => held.some(({ subject }) => subject === nameOf(edge));
    const free = edges.filter((edge) => !isHeld(edge));
    const probes = await this.#probe(free, mendProbeTimeoutMs);
    const states = await this.#states(free);
    const opened = free.filter((edge) => isOpen(pick(probes, edge)));
    for (const edge of [...opened, ...edges.filter(isHeld)]) closed.delete(edge);
    const mended = free.map((edge) =>
      mendEvidence(edge, pick(probes, edge), pick(drops, edge), states.get(receiver(edge))),
    );
    const lapsed = healed.some((one) => one.lapsed);
    return [...(lapsed ? mended.map(endedEarly) : mended), ...held];
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

  async #undo(agent: AgentClient, hold: string): Promise<readonly Evidence[]> {
    const healed = await this.#heal(agent, hold);
    return healed.lapsed ? healed.evidence.map(endedEarly) : healed.evidence;
  }

  async #heal(agent: AgentClient, hold: string): Promise<Reply<"heal">> {
    const healed = await agent.call("heal", { hold });
    if (healed.lapsed) await this.#renew(agent); // which reports it, once
    return healed;
  }

  /** Edges at rest on any machine show the same: each is measured from the machine that sends along it. */
  async #sample(edges: readonly Edge[], measurement: Measurement): Promise<Sampled[]> {
    const ends = [...new Set(edges.map(receiver))];
    const ports = await Promise.all(
      ends.map(async (node) => [node, (await this.#agentOf(node).call("echo", { node })).port]),
    );
    const echoPorts: Record<string, number> = Object.fromEntries(ports);
    const answers = await this.#perAgent(edges, sender, (agent, mine) =>
      agent.call("sample", { edges: mine, echoPorts, measurement }),
    );
    return answers.flatMap(({ samples }) => samples);
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

interface Sampled {
  readonly edge: Edge;
  readonly sample: Sample;
}

/** What was impaired, and what each edge showed before. */
interface Impaired {
  readonly impairment: Impairment;
  readonly before: readonly Sampled[];
}

/** What another controller impaired; it alone knows what the edges showed before. */
function impairmentOf(actions: readonly ActionRequest[]): Impaired | null {
  const impaired = actions.flatMap((action) => ("impairment" in action ? [action] : []));
  const [first] = impaired;
  if (first === undefined) return null;
  const { impairment } = first;
  const edges = new Map(impaired.flatMap((action) => action.edges.map((edge) => [nameOf(edge), edge] as const)));
  const sample = flawless(measurementOf(impairment));
  return { impairment, before: [...edges.values()].map((edge) => ({ edge, sample })) };
}

function impairing(edges: readonly Edge[], impairment: Impairment): ActionRequest {
  return actionRequest.parse({ kind: impairment.kind, edges, impairment });
}

function requireEdges(edges: readonly Edge[]): void {
  for (const [from, to] of edges) if (from === to) throw new Error(`${from}->${to} is no edge between two nodes`);
}

function nameOf(edge: Edge): string {
  return edge.join("->");
}

/** A cut that lasts hides whether an edge is sound; its own healing shows that the edge carries something again. */
function cutByOthers({ edge }: Sampled): Evidence {
  return { subject: nameOf(edge), observation: "repaired; another fault cuts it", proves: true };
}

const lapseReason = "the controller did not renew its lease in time";

/** Evidence of a fault that was undone before it was healed: nothing shows how long it lasted. */
function endedEarly({ subject, observation }: Evidence): Evidence {
  return { subject, observation: `${observation}; it had ended before, as ${lapseReason}`, proves: false };
}

const sender = ([from]: Edge) => from;
const receiver = ([, to]: Edge) => to;

function pick<T extends { edge: Edge }>(facts: readonly T[], edge: Edge): T {
  const fact = facts.find((candidate) => candidate.edge.join() === edge.join());
  if (!fact) throw new Error(`no agent answered for edge ${edge.join("->")}`);
  return fact;
}

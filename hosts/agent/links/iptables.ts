import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Edge } from "../../../history/annotations.ts";
import type { Endpoint, Impairment } from "../../host.ts";
import type { Drops, LinkPlan, PeerPorts, Probe } from "../protocol.ts";
import type { Links } from "./links.ts";
import { probeEdge, probePorts } from "./probe.ts";

const execute = promisify(execFile);

/** Runs `iptables` with these arguments; answers what it printed. */
export type Iptables = (args: readonly string[]) => Promise<string>;

/**
 * Links of this machine's node, cut by its packet filter at the receiving end.
 *
 * A rule matches the sender's address AND one of our ports for peers as the destination (`--dport`). A node dials a connection
 * for each peer that it sends to, so packets to these ports are what the edge carries. A rule for all that comes from the
 * sender would also drop its TCP acknowledgements on the connection that we dialled to it, which stalls the opposite
 * edge: it would cut both directions where one was asked for.
 */
export class IptablesLinks implements Links {
  readonly #self: string;
  readonly #run: string;
  readonly #comment: string;
  readonly #nodes: Readonly<Record<string, PeerPorts>>;
  readonly #iptables: Iptables;

  constructor(plan: Extract<LinkPlan, { kind: "iptables" }>, iptables: Iptables = runIptables(plan.sudo)) {
    this.#self = plan.self;
    this.#run = plan.run;
    this.#comment = commentOf(plan.run);
    this.#nodes = plan.nodes;
    this.#iptables = iptables;
  }

  async cut(edges: readonly Edge[]): Promise<void> {
    const rules = await rulesOf(this.#iptables, this.#run);
    for (const [from] of this.#incoming(edges)) {
      const host = this.#hostOf(from);
      if (rules.some((rule) => rule.includes(`${host}/32`))) continue;
      for (const { port } of this.#portsOf(this.#self)) {
        const match = ["-p", "tcp", "-s", host, "--dport", String(port), "-m", "comment", "--comment", this.#comment];
        await this.#iptables(["-w", "-A", "INPUT", ...match, "-j", "DROP"]);
      }
    }
  }

  async mend(edges: readonly Edge[]): Promise<void> {
    const senders = this.#incoming(edges).map(([from]) => `${this.#hostOf(from)}/32`);
    await removeRules(this.#iptables, this.#run, (rule) => senders.some((sender) => rule.includes(sender)));
  }

  async impair(_edges: readonly Edge[], { kind }: Impairment): Promise<void> {
    throw new Error(`iptables does not offer ${kind}`);
  }

  async repair(): Promise<void> {}

  async echoPort(): Promise<number> {
    throw new Error("links cut by iptables have no echo to sample them with");
  }

  async sample(): Promise<never> {
    throw new Error("links cut by iptables have no echo to sample them with");
  }

  async probe(edge: Edge, timeoutMs: number): Promise<Probe> {
    return probePorts(edge, this.#portsOf(edge[1]), (port) => probeEdge(edge, port, timeoutMs));
  }

  async drops(edges: readonly Edge[]): Promise<readonly Drops[]> {
    const counters = await this.#iptables(["-w", "-L", "INPUT", "-v", "-n", "-x"]);
    const ours = counters.split("\n").filter((line) => line.includes(`/* ${this.#comment} */`));
    return this.#incoming(edges).map((edge) => {
      const columns = ours.map((line) => line.trim().split(/\s+/));
      const rules = columns.filter((column) => column.includes(this.#hostOf(edge[0])));
      const count = rules.reduce((dropped, [packets]) => dropped + Number(packets), 0);
      return { edge, count, unit: "packets dropped" };
    });
  }

  async close(): Promise<void> {
    await removeRules(this.#iptables, this.#run);
  }

  #incoming(edges: readonly Edge[]): readonly Edge[] {
    const stray = edges.find(([, to]) => to !== this.#self);
    if (stray) throw new Error(`edge ${stray.join("->")} does not end at ${this.#self}, where this agent is`);
    return edges;
  }

  #hostOf(id: string): string {
    return this.#portsOf(id)[0]!.host;
  }

  #portsOf(id: string): readonly (Endpoint & { readonly name: string })[] {
    const ports = this.#nodes[id];
    if (ports === undefined) throw new Error(`there is no node ${id}`);
    const named = Object.entries(ports).map(([name, endpoint]) => ({ name, ...endpoint }));
    if (named.length === 0) throw new Error(`${id} has no port for peers, so nothing can be cut`);
    return named;
  }
}

/** Every rule of a run carries it, so that it can be found when the agent is gone. */
function commentOf(run: string): string {
  return `keelhaul:${run}`;
}

/** Removes the rules of a run, or those that are meant; answers how many. */
export async function removeRules(
  iptables: Iptables,
  run: string,
  isMeant: (rule: readonly string[]) => boolean = () => true,
): Promise<number> {
  const meant = (await rulesOf(iptables, run)).filter(isMeant);
  for (const rule of meant) await iptables(["-w", "-D", ...rule.slice(1)]);
  return meant.length;
}

/** A run's rules as `iptables -S` prints them, in words: `-A INPUT -s 10.0.0.2/32 …`. */
async function rulesOf(iptables: Iptables, run: string): Promise<string[][]> {
  const listing = await iptables(["-w", "-S", "INPUT"]);
  const rules = listing.split("\n").map((line) => line.replaceAll('"', "").split(" "));
  return rules.filter((rule) => rule.includes(commentOf(run)));
}

function runIptables(sudo: boolean): Iptables {
  const [program = "", ...before] = sudo ? ["sudo", "-n", "--", "iptables"] : ["iptables"];
  return async (args) => (await execute(program, [...before, ...args])).stdout;
}

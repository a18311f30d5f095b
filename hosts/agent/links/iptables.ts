import { execFile } from "node:child_process";
import type { Socket as DatagramSocket } from "node:dgram";
import type { Server } from "node:net";
import { promisify } from "node:util";
import type { Edge } from "../../../history/annotations.ts";
import type { Endpoint, Impairment } from "../../host.ts";
import type { Measurement, Sample } from "../../links/sample.ts";
import type { Drops, LinkPlan, PeerPorts, Probe } from "../protocol.ts";
import { openDatagramEcho, sampleDatagrams } from "./datagrams.ts";
import type { Links } from "./links.ts";
import { probeEdge, probePorts } from "./probe.ts";
import { openEcho, portOf, sampleStream } from "./sampler.ts";
import { type Run, TrafficControl } from "./traffic-control.ts";

const execute = promisify(execFile);

/** The programs that shape a machine's network. */
export interface NetworkTools {
  readonly iptables: Run;
  readonly tc: Run;
  readonly ip: Run;
}

/** Answers what the sampled machine sends. */
interface Echo {
  readonly stream: Server;
  readonly datagrams: DatagramSocket;
}

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
  readonly #iptables: Run;
  readonly #traffic: TrafficControl;
  #echo: Promise<Echo> | undefined;

  constructor(plan: Extract<LinkPlan, { kind: "iptables" }>, tools: NetworkTools = installedTools(plan.sudo)) {
    this.#self = plan.self;
    this.#run = plan.run;
    this.#comment = commentOf(plan.run);
    this.#nodes = plan.nodes;
    this.#iptables = tools.iptables;
    this.#traffic = new TrafficControl(tools.tc, tools.ip);
  }

  async cut(edges: readonly Edge[]): Promise<void> {
    const rules = (await rulesOf(this.#iptables, this.#run)).filter(cuts);
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
    await this.#removeFrom(this.#senders(this.#incoming(edges)), cuts);
  }

  /** Losses and resets are drawn where an edge ends, all else is shaped where it begins. */
  async impair(edges: readonly Edge[], impairment: Impairment): Promise<void> {
    if (impairment.kind !== "link-lossy" && impairment.kind !== "link-reset") {
      await this.#traffic.set(this.#receivers(edges), impairment);
      return;
    }
    const draw = ["-m", "statistic", "--mode", "random", "--probability", String(impairment.share)];
    for (const host of this.#senders(edges)) {
      await this.#removeFrom([host], impairing[impairment.kind]);
      const match = impairment.kind === "link-reset" ? ["-p", "tcp", ...(await this.#dports())] : [];
      const target = impairment.kind === "link-reset" ? ["REJECT", "--reject-with", "tcp-reset"] : ["DROP"];
      const named = ["-m", "comment", "--comment", this.#comment];
      await this.#iptables(["-w", "-A", "INPUT", "-s", host, ...match, ...draw, ...named, "-j", ...target]);
    }
  }

  async repair(edges: readonly Edge[], kind: Impairment["kind"]): Promise<void> {
    if (kind === "link-lossy" || kind === "link-reset") {
      await this.#removeFrom(this.#senders(edges), impairing[kind]);
    } else await this.#traffic.clear(this.#receivers(edges), kind);
  }

  async echoPort(): Promise<number> {
    return portOf((await this.#listening()).stream);
  }

  async sample(edge: Edge, echoPort: number, measurement: Measurement): Promise<Sample> {
    const echo = { host: this.#hostOf(edge[1]), port: echoPort };
    return measurement.type === "messages" ? sampleDatagrams(echo) : sampleStream(echo, measurement);
  }

  async probe(edge: Edge, timeoutMs: number): Promise<Probe> {
    return probePorts(edge, this.#portsOf(edge[1]), (port) => probeEdge(edge, port, timeoutMs));
  }

  async drops(edges: readonly Edge[]): Promise<readonly Drops[]> {
    const counters = await this.#iptables(["-w", "-L", "INPUT", "-v", "-n", "-x"]);
    const ours = counters
      .split("\n")
      .filter((line) => line.includes(`/* ${this.#comment} */`) && !line.includes(" statistic "));
    return this.#incoming(edges).map((edge) => {
      const columns = ours.map((line) => line.trim().split(/\s+/));
      const rules = columns.filter((column) => column.includes(this.#hostOf(edge[0])));
      const count = rules.reduce((dropped, [packets]) => dropped + Number(packets), 0);
      return { edge, count, unit: "packets dropped" };
    });
  }

  async close(): Promise<void> {
    await this.#traffic.close();
    await removeRules(this.#iptables, this.#run);
    const echo = await this.#echo;
    echo?.stream.close();
    echo?.datagrams.close();
  }

  #listening(): Promise<Echo> {
    this.#echo ??= this.#openEcho();
    return this.#echo;
  }

  /** Only peers are answered: others on the machine's network have no business with it. */
  async #openEcho(): Promise<Echo> {
    const peers = Object.keys(this.#nodes).map((id) => this.#hostOf(id));
    const isPeer = (host: string): boolean => peers.includes(host);
    const host = this.#hostOf(this.#self);
    const stream = await openEcho(host, isPeer);
    return { stream, datagrams: await openDatagramEcho({ host, port: portOf(stream) }, isPeer) };
  }

  /** Our ports for peers, and the echo that samples go to. */
  async #dports(): Promise<readonly string[]> {
    const ports = [...this.#portsOf(this.#self).map(({ port }) => port), await this.echoPort()];
    return ["-m", "multiport", "--dports", ports.join()];
  }

  async #removeFrom(hosts: readonly string[], isMeant: (rule: Rule) => boolean): Promise<void> {
    const senders = hosts.map((host) => `${host}/32`);
    const meant = (rule: Rule): boolean => isMeant(rule) && senders.some((sender) => rule.includes(sender));
    await removeRules(this.#iptables, this.#run, meant);
  }

  #senders(edges: readonly Edge[]): readonly string[] {
    return edges.flatMap(([from, to]) => (to === this.#self ? [this.#hostOf(from)] : []));
  }

  #receivers(edges: readonly Edge[]): readonly string[] {
    return edges.flatMap(([from, to]) => (from === this.#self ? [this.#hostOf(to)] : []));
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

/** A rule as `iptables -S` prints it, in words: `-A INPUT -s 10.0.0.2/32 …`. */
type Rule = readonly string[];

/** Cuts are the rules that leave nothing to chance. */
const cuts = (rule: Rule): boolean => !rule.includes("statistic");
const impairing = {
  "link-lossy": (rule: Rule): boolean => !cuts(rule) && rule.includes("DROP"),
  "link-reset": (rule: Rule): boolean => !cuts(rule) && rule.includes("REJECT"),
} as const;

/** Every rule of a run carries it, so that it can be found when the agent is gone. */
function commentOf(run: string): string {
  return `keelhaul:${run}`;
}

/** Removes the rules of a run, or those that are meant; answers how many. */
export async function removeRules(
  iptables: Run,
  run: string,
  isMeant: (rule: Rule) => boolean = () => true,
): Promise<number> {
  const meant = (await rulesOf(iptables, run)).filter(isMeant);
  for (const rule of meant) await iptables(["-w", "-D", ...rule.slice(1)]);
  return meant.length;
}

async function rulesOf(iptables: Run, run: string): Promise<Rule[]> {
  const listing = await iptables(["-w", "-S", "INPUT"]);
  const rules = listing.split("\n").map((line) => line.replaceAll('"', "").split(" "));
  return rules.filter((rule) => rule.includes(commentOf(run)));
}

function installedTools(sudo: boolean): NetworkTools {
  const run = (program: string): Run => {
    const [first = "", ...before] = sudo ? ["sudo", "-n", "--", program] : [program];
    return async (args) => (await execute(first, [...before, ...args])).stdout;
  };
  return { iptables: run("iptables"), tc: run("tc"), ip: run("ip") };
}

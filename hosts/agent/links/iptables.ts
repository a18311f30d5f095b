import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Edge } from "../../../history/annotations.ts";
import type { Endpoint } from "../../host.ts";
import type { Drops, LinkPlan, Probe } from "../protocol.ts";
import type { Links } from "./links.ts";
import { probeEdge } from "./probe.ts";

const execute = promisify(execFile);

/** Runs `iptables` with these arguments; answers what it printed. */
export type Iptables = (args: readonly string[]) => Promise<string>;

/**
 * Links of this machine's node, cut by its packet filter at the receiving end.
 *
 * A rule matches the sender's address AND our peer port as the destination (`--dport`). A node dials one connection for
 * each peer that it sends to, so packets to our peer port are what the edge carries. A rule for all that comes from the
 * sender would also drop its TCP acknowledgements on the connection that we dialled to it, which stalls the opposite
 * edge: it would cut both directions where one was asked for.
 */
export class IptablesLinks implements Links {
  readonly #self: string;
  readonly #comment: string;
  readonly #nodes: Readonly<Record<string, Endpoint>>;
  readonly #iptables: Iptables;

  constructor(plan: Extract<LinkPlan, { kind: "iptables" }>, iptables: Iptables = runIptables) {
    this.#self = plan.self;
    this.#comment = `keelhaul:${plan.run}`;
    this.#nodes = plan.nodes;
    this.#iptables = iptables;
  }

  async cut(edges: readonly Edge[]): Promise<void> {
    const rules = await this.#rules();
    for (const [from] of this.#incoming(edges)) {
      const { host } = this.#node(from);
      if (rules.some((rule) => rule.includes(`${host}/32`))) continue;
      const port = String(this.#node(this.#self).port);
      const match = ["-p", "tcp", "-s", host, "--dport", port, "-m", "comment", "--comment", this.#comment];
      await this.#iptables(["-w", "-A", "INPUT", ...match, "-j", "DROP"]);
    }
  }

  async mend(edges: readonly Edge[]): Promise<void> {
    const senders = this.#incoming(edges).map(([from]) => `${this.#node(from).host}/32`);
    await this.#remove((rule) => senders.some((sender) => rule.includes(sender)));
  }

  async probe(edge: Edge, timeoutMs: number): Promise<Probe> {
    return probeEdge(edge, this.#node(edge[1]), timeoutMs);
  }

  async drops(edges: readonly Edge[]): Promise<readonly Drops[]> {
    const counters = await this.#iptables(["-w", "-L", "INPUT", "-v", "-n", "-x"]);
    const ours = counters.split("\n").filter((line) => line.includes(`/* ${this.#comment} */`));
    return this.#incoming(edges).map((edge) => {
      const columns = ours.map((line) => line.trim().split(/\s+/));
      const rule = columns.find((column) => column.includes(this.#node(edge[0]).host));
      return { edge, count: Number(rule?.[0] ?? 0), unit: "packets dropped" };
    });
  }

  async close(): Promise<void> {
    await this.#remove(() => true);
  }

  async #remove(isMeant: (rule: readonly string[]) => boolean): Promise<void> {
    const rules = await this.#rules();
    for (const rule of rules.filter(isMeant)) await this.#iptables(["-w", "-D", ...rule.slice(1)]);
  }

  /** This run's rules as `iptables -S` prints them, in words: `-A INPUT -s 10.0.0.2/32 …`. */
  async #rules(): Promise<string[][]> {
    const listing = await this.#iptables(["-w", "-S", "INPUT"]);
    const rules = listing.split("\n").map((line) => line.replaceAll('"', "").split(" "));
    return rules.filter((rule) => rule.includes(this.#comment));
  }

  #incoming(edges: readonly Edge[]): readonly Edge[] {
    const stray = edges.find(([, to]) => to !== this.#self);
    if (stray) throw new Error(`edge ${stray.join("->")} does not end at ${this.#self}, where this agent is`);
    return edges;
  }

  #node(id: string): Endpoint {
    const node = this.#nodes[id];
    if (!node) throw new Error(`there is no node ${id}`);
    return node;
  }
}

async function runIptables(args: readonly string[]): Promise<string> {
  return (await execute("iptables", args)).stdout;
}

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { Edge } from "../../../history/annotations.ts";
import type { Endpoint, Impairment } from "../../host.ts";
import { EdgeImpairments } from "../../links/edge-impairments.ts";
import type { Measurement, Sample } from "../../links/sample.ts";
import type { Drops, Listener, PeerPorts, Probe } from "../protocol.ts";
import type { Links } from "./links.ts";
import { Pipe } from "./pipe.ts";
import { probeEdge, probePorts } from "./probe.ts";
import { openEcho, portOf, sampleStream } from "./sampler.ts";

/**
 * Links through this process: a listener for each directed edge and each port for peers, which forwards to that port of the
 * edge's end.
 *
 * A cut link is a black hole. It neither reads nor forwards nor resets: what was sent waits in the kernel's buffers, and
 * connections go on being accepted, since a listener that refused them would tell the sender what a partition never
 * tells. A system under test sends along an edge on a connection that it dialled through that edge's link; only
 * acknowledgements come back on it. Holding the whole connection, both ways, is therefore what cuts one direction.
 *
 * When it is mended, connections from before the cut go on where they stood, with not a byte missing: their delayed
 * bytes now arrive, as TCP's retransmissions would. Connections accepted during the cut are reset instead, and their
 * dialler tries again at once: on a real network their SYN would have had no answer, so nothing said on them may arrive.
 */
export class ProxyLinks implements Links {
  readonly #links: ReadonlyMap<string, readonly Link[]>;
  /** A link to our own echo for each edge, with the impairments and cuts of the others: samples go over it. */
  readonly #samplers: ReadonlyMap<string, Link>;
  readonly #echo: Server;

  private constructor(links: ReadonlyMap<string, readonly Link[]>, samplers: ReadonlyMap<string, Link>, echo: Server) {
    this.#links = links;
    this.#samplers = samplers;
    this.#echo = echo;
  }

  /** One link for each ordered pair of nodes and each port for peers, given where each node has these. */
  static async open(nodes: Readonly<Record<string, PeerPorts>>, random = Math.random): Promise<ProxyLinks> {
    const ids = Object.keys(nodes);
    const edges = ids.flatMap((from) => ids.filter((to) => to !== from).map((to): Edge => [from, to]));
    const impairments = new Map(
      edges.map((edge) => [edge.join(), new EdgeImpairments(random, () => performance.now())]),
    );
    const linkTo = (edge: Edge, name: string, target: Endpoint) =>
      new Link(edge, name, target, impairments.get(edge.join())!);
    const links = new Map(
      edges.map((edge) => {
        const ports = Object.entries(nodes[edge[1]]!);
        return [edge.join(), ports.map(([name, target]) => linkTo(edge, name, target))];
      }),
    );
    const echo = await openEcho("127.0.0.1");
    const target = { host: "127.0.0.1", port: portOf(echo) };
    const samplers = new Map(edges.map((edge) => [edge.join(), linkTo(edge, "echo", target)]));
    await Promise.all([...[...links.values()].flat(), ...samplers.values()].map((link) => link.listen()));
    return new ProxyLinks(links, samplers, echo);
  }

  get listeners(): Listener[] {
    return [...this.#links.values()].flat().map(({ edge, name, port }) => ({ edge, name, port }));
  }

  async cut(edges: readonly Edge[]): Promise<void> {
    for (const link of this.#allOf(edges)) link.cut();
  }

  async mend(edges: readonly Edge[]): Promise<void> {
    for (const link of this.#allOf(edges)) link.mend();
  }

  async impair(edges: readonly Edge[], impairment: Impairment): Promise<void> {
    if (impairment.kind === "link-duplicate" || impairment.kind === "link-reorder") {
      throw new Error(`the link proxy carries byte streams, which show no ${impairment.kind}`);
    }
    for (const link of this.#allOf(edges)) link.impairments.set(impairment);
  }

  async repair(edges: readonly Edge[], kind: Impairment["kind"]): Promise<void> {
    for (const link of this.#allOf(edges)) link.repair(kind);
  }

  async echoPort(): Promise<number> {
    return portOf(this.#echo);
  }

  async sample(edge: Edge, _echoPort: number, measurement: Measurement): Promise<Sample> {
    return sampleStream({ host: "127.0.0.1", port: this.#samplerOf(edge).port }, measurement);
  }

  async probe(edge: Edge, timeoutMs: number): Promise<Probe> {
    const links = this.#linksOf(edge);
    return probePorts(edge, links, (link) => link.probe(timeoutMs));
  }

  async drops(edges: readonly Edge[]): Promise<readonly Drops[]> {
    return edges.map((edge) => {
      const held = this.#linksOf(edge).map(({ heldConnections }) => heldConnections);
      return { edge, count: sum(held), unit: "connections held" };
    });
  }

  async close(): Promise<void> {
    await Promise.all([...[...this.#links.values()].flat(), ...this.#samplers.values()].map((link) => link.close()));
    this.#echo.close();
    await once(this.#echo, "close");
  }

  #allOf(edges: readonly Edge[]): readonly Link[] {
    return edges.flatMap((edge) => [...this.#linksOf(edge), this.#samplerOf(edge)]);
  }

  #samplerOf(edge: Edge): Link {
    const link = this.#samplers.get(edge.join());
    if (link === undefined) throw new Error(`there is no link ${edge.join("->")}`);
    return link;
  }

  #linksOf(edge: Edge): readonly Link[] {
    const links = this.#links.get(edge.join());
    if (links === undefined || links.length === 0) throw new Error(`there is no link ${edge.join("->")}`);
    return links;
  }
}

type Verdict = "connected" | "refused";

/** One directed edge to one port of its end. */
class Link {
  readonly edge: Edge;
  readonly name: string;
  /** Those of the edge: its links share them. */
  readonly impairments: EdgeImpairments;
  readonly #target: Endpoint;
  readonly #server: Server;
  readonly #pipes = new Set<Pipe>();
  readonly #accepted = new Set<Socket>();
  /** Told what became of each connection that was let through, by the dialler's port. */
  readonly #watchers = new Set<(diallerPort: number | undefined, verdict: Verdict) => void>();
  #cut = false;

  constructor(edge: Edge, name: string, target: Endpoint, impairments: EdgeImpairments) {
    this.edge = edge;
    this.name = name;
    this.impairments = impairments;
    this.#target = target;
    // Paused on connect: while cut, not even a read may happen. Half open: each direction ends by itself.
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (near) => this.#admit(near));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get port(): number {
    return portOf(this.#server);
  }

  get heldConnections(): number {
    return this.#cut ? this.#pipes.size + this.#accepted.size : 0;
  }

  cut(): void {
    this.#cut = true;
    for (const pipe of this.#pipes) pipe.hold();
  }

  mend(): void {
    this.#cut = false;
    for (const socket of this.#accepted) socket.resetAndDestroy();
    this.#accepted.clear();
    for (const pipe of this.#pipes) pipe.flow();
  }

  repair(kind: Impairment["kind"]): void {
    this.impairments.clear(kind);
    if (this.impairments.isClear) for (const pipe of this.#pipes) pipe.hasten();
  }

  /**
   * Dials the link as a node would. A connection alone proves nothing, as a cut link accepts too; what counts is that
   * the same code that forwards nodes' connections reports this one's arrival at the target.
   */
  async probe(timeoutMs: number): Promise<Probe> {
    const arrivals = new Map<number | undefined, Verdict>();
    let look = () => {};
    const watcher = (port: number | undefined, verdict: Verdict) => {
      arrivals.set(port, verdict);
      look();
    };
    this.#watchers.add(watcher);
    try {
      return await probeEdge(this.edge, { host: "127.0.0.1", port: this.port }, timeoutMs, (socket, settle) => {
        look = () => {
          const verdict = arrivals.get(socket.localPort);
          if (verdict) settle(verdict);
        };
        look(); // the link may have been quicker than the news of our own connection
      });
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  async close(): Promise<void> {
    for (const pipe of this.#pipes) pipe.destroy();
    for (const socket of this.#accepted) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #admit(near: Socket): void {
    if (this.#cut) this.#keep(near);
    else this.#forward(near);
  }

  #keep(near: Socket): void {
    this.#accepted.add(near);
    near.on("error", () => {}); // a dialler that went away is no news here; `close` follows and is handled
    near.once("close", () => this.#accepted.delete(near));
  }

  #forward(near: Socket): void {
    const diallerPort = near.remotePort;
    const far = connect({ ...this.#target, allowHalfOpen: true });
    const pipe: Pipe = new Pipe(near, far, this.impairments, () => this.#pipes.delete(pipe));
    this.#pipes.add(pipe);
    far.once("connect", () => {
      if (!this.#cut) this.#report(diallerPort, "connected");
    });
    far.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" && !this.#cut) this.#report(diallerPort, "refused");
    });
  }

  #report(diallerPort: number | undefined, verdict: Verdict): void {
    for (const watcher of this.#watchers) watcher(diallerPort, verdict);
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

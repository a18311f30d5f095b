import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { messageOf } from "../../errors/errors.ts";
import { Clocks } from "./clocks/clocks.ts";
import { Disks } from "./disks/disks.ts";
import { Images } from "./disks/images.ts";
import { Holds } from "./holds.ts";
import { Lease } from "./lease.ts";
import { IptablesLinks } from "./links/iptables.ts";
import type { Links } from "./links/links.ts";
import { ProxyLinks } from "./links/proxy.ts";
import { Processes } from "./processes.ts";
import { type AgentConfig, type LinkPlan, logEnding, type Reply } from "./protocol.ts";
import { runCommand } from "./run-command.ts";
import { createAgentServer, type Handlers } from "./server.ts";

const checksPerLease = 12;

/** Does the deeds of a run on one machine, until it is told to end. Outlives its controller, and then undoes its faults. */
export class Agent {
  readonly #processes: Processes;
  readonly #clocks: Clocks;
  readonly #disks: Disks;
  readonly #images: Images;
  readonly #holds: Holds;
  /** What may be asked for, by `NODE/ENDING`. */
  readonly #files = new Map<string, string>();
  readonly #lease: Lease;
  readonly #server: Server;
  readonly #config: AgentConfig;
  readonly #onEnd: () => void;
  #links: Links | undefined;
  #leaseTimer: NodeJS.Timeout | undefined;

  /** `environment`: for the node processes. `onEnd`: everything is over and the process may exit. `nowMs`: the lease's clock. */
  constructor(config: AgentConfig, environment: NodeJS.ProcessEnv, onEnd: () => void, nowMs = () => performance.now()) {
    this.#config = config;
    this.#onEnd = onEnd;
    const processes = new Processes(environment);
    const laid = (): Links => this.#laid();
    this.#processes = processes;
    this.#clocks = new Clocks(processes);
    this.#disks = new Disks(processes);
    this.#images = new Images(processes);
    const machine = {
      processes,
      environment,
      clocks: this.#clocks,
      disks: this.#disks,
      images: this.#images,
      get links() {
        return laid();
      },
    };
    this.#holds = new Holds(machine, (problem) => console.error(problem)); // into the agent's log
    this.#lease = new Lease({
      durationMs: config.leaseMs,
      nowMs,
      undoFaults: () => this.#holds.lapse(),
    });
    this.#server = createAgentServer({
      token: config.token,
      handlers: this.#handlers(environment),
      onCall: () => this.#lease.renew(),
      fileOf: (name) => this.#files.get(name),
    });
  }

  /** Starts answering; returns the port. */
  async listen(): Promise<number> {
    this.#server.listen(this.#config.listen.port, this.#config.listen.host);
    await once(this.#server, "listening");
    this.#leaseTimer = setInterval(() => void this.#lease.check(), this.#config.leaseMs / checksPerLease);
    return (this.#server.address() as AddressInfo).port;
  }

  /** Undoes what is in effect, ends all processes, lets all links through, and stops answering. */
  async end(): Promise<void> {
    clearInterval(this.#leaseTimer);
    this.#clocks.stop();
    await this.#holds.lapse();
    await this.#processes.killAll();
    await this.#images.close().catch((error: unknown) => console.error(messageOf(error))); // `keelhaul clean` tries again
    await this.#links?.close();
    this.#server.close();
    this.#onEnd();
  }

  #handlers(environment: NodeJS.ProcessEnv): Handlers {
    return {
      setup: (plan) => this.#setup(plan),
      disk: async (disk) => {
        await this.#images.make(disk);
        return {};
      },
      start: (request) => {
        for (const [ending, path] of Object.entries({ ...request.files, [logEnding(request.name)]: request.log })) {
          this.#files.set(`${request.node}/${ending}`, path);
        }
        this.#disks.keep(request.node, request.cwd);
        return this.#clocks.start(request);
      },
      run: (request) => runCommand(request, environment),
      kill: ({ node }) => this.#processes.kill(node),
      inject: async ({ hold, action }) => ({ evidence: await this.#holds.inject(hold, action) }),
      heal: ({ hold }) => this.#holds.heal(hold),
      inventory: async () => ({ holds: this.#holds.unhealed(), files: this.#endings() }),
      state: ({ node }) => this.#processes.state(node),
      ends: async () => ({ ends: this.#processes.ends() }),
      probe: async ({ edges, timeoutMs }) => ({
        probes: await Promise.all(edges.map((edge) => this.#laid().probe(edge, timeoutMs))),
      }),
      drops: async ({ edges }) => ({ drops: [...(await this.#laid().drops(edges))] }),
      echo: async ({ node }) => ({ port: await this.#laid().echoPort(node) }),
      sample: async ({ edges, echoPorts, measurement }) => ({
        samples: await Promise.all(
          edges.map(async (edge) => {
            const echoPort = echoPorts[edge[1]];
            if (echoPort === undefined) throw new Error(`the port of ${edge[1]}'s echo is missing`);
            return { edge, sample: await this.#laid().sample(edge, echoPort, measurement) };
          }),
        ),
      }),
      renew: async () => ({ lapses: this.#lease.lapses }),
      end: async () => {
        setImmediate(() => void this.end()); // the answer goes out first
        return {};
      },
    };
  }

  #endings(): Record<string, string[]> {
    const names = [...this.#files.keys()].map((name) => name.split("/") as [node: string, ending: string]);
    const byNode = [...Map.groupBy(names, ([node]) => node)];
    return Object.fromEntries(byNode.map(([node, own]) => [node, own.map(([, ending]) => ending)]));
  }

  async #setup(plan: LinkPlan): Promise<Reply<"setup">> {
    if (this.#links) throw new Error("the links are laid already");
    if (plan.kind === "iptables") {
      this.#links = new IptablesLinks(plan);
      return { listeners: [] };
    }
    const links = await ProxyLinks.open(plan.nodes);
    this.#links = links;
    return { listeners: links.listeners };
  }

  #laid(): Links {
    if (!this.#links) throw new Error("the links are not laid yet: call setup first");
    return this.#links;
  }
}

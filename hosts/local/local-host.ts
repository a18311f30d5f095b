import { randomBytes } from "node:crypto";
import { copyFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Edge, Evidence } from "../../history/annotations.ts";
import { AgentHost } from "../agent/agent-host.ts";
import { bundlesFolder, commandOf, requireBundle } from "../agent/bundles.ts";
import { AgentClient } from "../agent/client.ts";
import { Fleet } from "../agent/fleet.ts";
import { processIdentity } from "../agent/process-state.ts";
import { defaultLeaseMs } from "../agent/protocol.ts";
import { newClusterSecret } from "../cluster-secret.ts";
import type { Endpoint, Host, HostNode, NodeAddresses, PortName, ProcessSpec } from "../host.ts";
import { freePorts } from "./ports.ts";
import { controllerVariable, endProcesses, findRunProcesses, runVariable } from "./run-processes.ts";
import { spawnAgent } from "./spawn-agent.ts";
import { markTemporary, type TemporaryFolder } from "./temporary-folder.ts";

export interface LocalHostOptions {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … */
  readonly nodes: readonly string[];
  /** A folder of the run's own for data and logs. Made here, and removed by `destroy`, unless it is kept. */
  readonly stateDir: string;
  readonly keepsState?: boolean;
  /** The ports of the nodes, in their order; free ones when left out. */
  readonly ports?: readonly Ports[];
  /** Told when a lease could not be renewed. */
  readonly onProblem?: (problem: string) => void;
  /** Where `node:NAME` programs are; `dist/bundles` when left out. */
  readonly bundles?: string;
  /** The agent's program; the one among the bundles of this package when left out. */
  readonly agentScript?: string;
}

/** Options whose folder is there, and marked unless it is kept. */
interface Prepared extends LocalHostOptions {
  readonly temporary: TemporaryFolder | null;
}

export type Ports = Readonly<Record<PortName, number>>;

/** Real processes on this machine, without root: one agent for the run, and links through its proxy. */
export async function createLocalHost(options: LocalHostOptions): Promise<Host> {
  const stateDir = resolve(options.stateDir);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const temporary = options.keepsState ? null : await markTemporary(options.runId, stateDir);
  const folders = [join(stateDir, "logs"), ...options.nodes.map((node) => dataDirOf(stateDir, node))];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  const token = randomBytes(24).toString("hex");
  const { pid, endpoint } = await spawnAgent({
    script: options.agentScript ?? builtAgent(),
    token,
    leaseMs: defaultLeaseMs,
    environment: { [runVariable]: options.runId, [controllerVariable]: await ownIdentity() },
    logFile: logOf(stateDir, "agent"),
  });
  try {
    return await layOut({ ...options, stateDir, temporary }, new AgentClient(endpoint, token));
  } catch (error) {
    process.kill(pid);
    throw error;
  }
}

/** Gives every node its ports, and lays the links between them. */
async function layOut(options: Prepared, agent: AgentClient): Promise<Host> {
  const { nodes, stateDir } = options;
  const given = options.ports ?? (await freePortsFor(nodes.length));
  const ports = new Map(nodes.map((node, place) => [node, given[place]!]));
  const targets = Object.fromEntries(nodes.map((node) => [node, loopback(ports.get(node)!.peer)]));
  const { listeners } = await agent.call("setup", { kind: "proxy", nodes: targets });
  const secret = newClusterSecret();
  const hostNodes = nodes.map((id): HostNode => {
    return { secret, id, addresses: addressesOf(id, ports.get(id)!, listeners), dataDir: dataDirOf(stateDir, id) };
  });
  const fleet = new Fleet(nodes, () => agent, options.onProblem ?? (() => {}));
  fleet.keepLeases();
  return new LocalHost(options, hostNodes, fleet);
}

function builtAgent(): string {
  requireBundle("node:agent.mjs", bundlesFolder());
  return join(bundlesFolder(), "agent.mjs");
}

async function ownIdentity(): Promise<string> {
  const identity = await processIdentity(process.pid);
  if (identity === undefined) throw new Error(`this process, ${process.pid}, is not in the process table`);
  return identity;
}

/** Where the output of a node goes. */
export function logOf(stateDir: string, node: string): string {
  return join(stateDir, "logs", `${node}.log`);
}

function dataDirOf(stateDir: string, node: string): string {
  return join(stateDir, "data", node);
}

class LocalHost extends AgentHost {
  readonly name = "local";
  readonly #runId: string;
  readonly #stateDir: string;
  readonly #temporary: TemporaryFolder | null;
  readonly #bundles: string;
  #destroyed: Promise<void> | undefined;

  constructor(options: Prepared, nodes: readonly HostNode[], fleet: Fleet) {
    super(nodes, fleet);
    this.#runId = options.runId;
    this.#stateDir = options.stateDir;
    this.#temporary = options.temporary;
    this.#bundles = resolve(options.bundles ?? bundlesFolder());
  }

  async start(node: string, spec: ProcessSpec): Promise<Evidence> {
    requireBundle(spec.program, this.#bundles);
    const { command, args } = commandOf(spec.program, spec.args, { node: process.execPath, bundles: this.#bundles });
    const cwd = dataDirOf(this.#stateDir, node);
    const log = logOf(this.#stateDir, node);
    return this.fleet.start({ node, command, args, env: spec.env, cwd, log, files: { ...spec.files } });
  }

  async collectLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await copyFile(logOf(this.#stateDir, "agent"), join(folder, "agent.log"));
    await this.fleet.copyFiles(folder);
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  /** The agent ends its processes itself; whatever it could not (it may have been killed) is found by the run's id. */
  async #destroy(): Promise<void> {
    const problem = await this.fleet.end().then(
      () => undefined,
      (error: unknown) => error,
    );
    const left = (await findRunProcesses()).filter(({ run }) => run === this.#runId);
    await endProcesses(left);
    await this.#temporary?.remove();
    if (problem) throw new Error("the agent was not there to be ended; its processes were", { cause: problem });
  }
}

async function freePortsFor(nodes: number): Promise<Ports[]> {
  const free = await freePorts(nodes * 3);
  return Array.from({ length: nodes }, (_, index) => {
    const [peer, client, http] = free.slice(index * 3, index * 3 + 3);
    return { peer: peer!, client: client!, http: http! };
  });
}

function addressesOf(node: string, ports: Ports, listeners: readonly { edge: Edge; port: number }[]): NodeAddresses {
  const own = { peer: loopback(ports.peer), client: loopback(ports.client), http: loopback(ports.http) };
  const outgoing = listeners.filter(({ edge: [from] }) => from === node);
  const peers = Object.fromEntries(outgoing.map(({ edge: [, to], port }) => [to, loopback(port)]));
  return { listen: own, peers, reach: own };
}

function loopback(port: number): Endpoint {
  return { host: "127.0.0.1", port };
}

import { randomBytes } from "node:crypto";
import { copyFile, mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { z } from "zod";
import type { Evidence } from "../../history/annotations.ts";
import { AgentHost } from "../agent/agent-host.ts";
import { attachFleet } from "../agent/attach-fleet.ts";
import { bundlesFolder, requireBundle } from "../agent/bundles.ts";
import { AgentClient } from "../agent/client.ts";
import { imageFile, unmountImagesIn } from "../agent/disks/image.ts";
import { Fleet } from "../agent/fleet.ts";
import { processIdentity } from "../agent/process-state.ts";
import { defaultLeaseMs, type Listener, logEnding } from "../agent/protocol.ts";
import type { Attached } from "../backend.ts";
import { newClusterSecret } from "../cluster-secret.ts";
import {
  type Endpoint,
  type Host,
  type HostNode,
  type NodeAddresses,
  type Ports,
  type ProcessSpec,
  peerPorts,
} from "../host.ts";
import { requireRoomForImages } from "../own-disks.ts";
import { forgetRun, keepRun, type RunState } from "../run-state.ts";
import { freePorts } from "./ports.ts";
import { controllerVariable, endProcesses, findRunProcesses, runVariable } from "./run-processes.ts";
import { spawnAgent } from "./spawn-agent.ts";
import { markTemporary, reopenTemporary, type TemporaryFolder } from "./temporary-folder.ts";

export interface LocalHostOptions<Port extends string = string> {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … */
  readonly nodes: readonly string[];
  /** A folder of the run's own for data and logs. Made here, and removed by `destroy`, unless it is kept. */
  readonly stateDir: string;
  readonly keepsState?: boolean;
  /** Where `collectLogs` will copy logs to; `keelhaul clean` moves them there should this process be killed before. */
  readonly logsFolder?: string;
  readonly ports: Ports<Port>;
  /** Whether each node gets a disk of its own, which takes root; left out: none does. */
  readonly ownDisks?: boolean;
  /** Where each node listens, in the order of nodes; on free ports when left out. */
  readonly portNumbers?: readonly PortNumbers<Port>[];
  /** Told when a lease could not be renewed. */
  readonly onProblem?: (problem: string) => void;
  /** Where `node:NAME` programs are; `dist/bundles` when left out. */
  readonly bundles?: string;
  /** How long faults outlast the controller. */
  readonly leaseMs?: number;
  /** The agent's program; the one among the bundles of this package when left out. */
  readonly agentScript?: string;
}

/** Options whose folder is there, and marked unless it is kept. */
interface Prepared<Port extends string> extends LocalHostOptions<Port> {
  readonly temporary: TemporaryFolder | null;
}

/** Where a run's processes find what they need. */
interface LocalPlace {
  readonly runId: string;
  readonly stateDir: string;
  readonly temporary: TemporaryFolder | null;
  readonly bundles: string;
}

export type PortNumbers<Port extends string> = Readonly<Record<Port, number>>;

/** Real processes on this machine, without root: one agent for the run, and links through its proxy. */
export async function createLocalHost<Port extends string>(options: LocalHostOptions<Port>): Promise<Host<Port>> {
  const stateDir = resolve(options.stateDir);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  if (options.ownDisks) await requireRoomForImages(options.nodes.length, stateDir);
  const temporary = options.keepsState ? null : await markTemporary(options.runId, stateDir, options.logsFolder);
  await temporary?.keep({ "agent.log": relative(stateDir, logOf(stateDir, "agent")) });
  const folders = [join(stateDir, "logs"), ...options.nodes.map((node) => dataDirOf(stateDir, node))];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  const token = randomBytes(24).toString("hex");
  const { pid, endpoint } = await spawnAgent({
    script: options.agentScript ?? builtAgent(),
    token,
    leaseMs: options.leaseMs ?? defaultLeaseMs,
    environment: { [runVariable]: options.runId, [controllerVariable]: await ownIdentity() },
    logFile: logOf(stateDir, "agent"),
  });
  try {
    const agent = new AgentClient(endpoint, token);
    if (options.ownDisks) await makeDisks(options, stateDir, agent);
    const host = await layOut({ ...options, stateDir, temporary }, agent);
    await keepRun({
      ...{ run: options.runId, backend: "local", token, nodes: host.nodes },
      agents: Object.fromEntries(options.nodes.map((node) => [node, endpoint])),
      place: { stateDir, bundles: bundlesOf(options), keepsState: String(options.keepsState === true) },
    });
    return host;
  } catch (error) {
    process.kill(pid);
    await unmountImagesIn(stateDir, options.runId);
    throw error;
  }
}

/** The processes of a run that another controller started, as they are. */
export async function attachLocalHost(run: RunState, onProblem: (problem: string) => void): Promise<Attached> {
  const { stateDir, bundles, keepsState } = placeSchema.parse(run.place);
  const { fleet, left } = await attachFleet(run, onProblem);
  const temporary = keepsState === "true" ? null : await reopenTemporary(run.run);
  return { host: new LocalHost({ runId: run.run, stateDir, bundles, temporary }, run.nodes, fleet), left };
}

const placeSchema = z.object({ stateDir: z.string(), bundles: z.string(), keepsState: z.enum(["true", "false"]) });

function bundlesOf({ bundles }: Pick<LocalHostOptions<string>, "bundles">): string {
  return resolve(bundles ?? bundlesFolder());
}

async function makeDisks(
  { runId, nodes }: Pick<LocalHostOptions, "runId" | "nodes">,
  stateDir: string,
  agent: AgentClient,
): Promise<void> {
  const folder = join(stateDir, "disks");
  for (const node of nodes) {
    const [directory, image] = [dataDirOf(stateDir, node), imageFile(folder, node)];
    await agent.call("disk", { run: runId, node, directory, image });
  }
}

/** Gives every node its ports, and lays the links between them. */
async function layOut<Port extends string>(options: Prepared<Port>, agent: AgentClient): Promise<Host<Port>> {
  const { runId, nodes, stateDir, temporary, ports } = options;
  const given = options.portNumbers ?? (await freePortsFor(nodes.length, Object.keys(ports) as Port[]));
  const listening = nodes.map((id, place) => ({ id, listen: onLoopback(given[place]!) }));
  const targets = listening.map(({ id, listen }) => {
    return [id, Object.fromEntries(peerPorts(ports).map((name) => [name, listen[name]]))] as const;
  });
  const { listeners } = await agent.call("setup", { kind: "proxy", nodes: Object.fromEntries(targets) });
  const secret = newClusterSecret();
  const hostNodes = listening.map(({ id, listen }): HostNode<Port> => {
    return { secret, id, addresses: addressesOf(id, listen, listeners), dataDir: dataDirOf(stateDir, id) };
  });
  const fleet = new Fleet(nodes, () => agent, options.onProblem ?? (() => {}));
  fleet.keepLeases();
  return new LocalHost({ runId, stateDir, temporary, bundles: bundlesOf(options) }, hostNodes, fleet);
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

class LocalHost<Port extends string> extends AgentHost<Port> {
  readonly name = "local";
  readonly #runId: string;
  readonly #stateDir: string;
  readonly #temporary: TemporaryFolder | null;
  #destroyed: Promise<void> | undefined;

  constructor({ runId, stateDir, temporary, bundles }: LocalPlace, nodes: readonly HostNode<Port>[], fleet: Fleet) {
    const logs = join(stateDir, "logs");
    const paths = { node: process.execPath, bundles, bundlesOnNode: bundles, logs };
    super(nodes, fleet, () => paths);
    this.#runId = runId;
    this.#stateDir = stateDir;
    this.#temporary = temporary;
  }

  override async start(node: string, spec: ProcessSpec): Promise<Evidence> {
    const files = { [logEnding(spec.name)]: this.logOf(node, spec), ...spec.files };
    const kept = Object.entries(files).map(
      ([ending, path]) => [`${node}.${ending}`, relative(this.#stateDir, path)] as const,
    );
    await this.#temporary?.keep(Object.fromEntries(kept));
    return super.start(node, spec);
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
    await unmountImagesIn(this.#stateDir, this.#runId);
    await this.#temporary?.remove();
    await forgetRun(this.#runId);
    if (problem) throw new Error("the agent was already gone; its processes were ended", { cause: problem });
  }
}

async function freePortsFor<Port extends string>(nodes: number, names: readonly Port[]): Promise<PortNumbers<Port>[]> {
  const free = await freePorts(nodes * names.length);
  return Array.from({ length: nodes }, (_, node) => {
    const own = names.map((name, place) => [name, free[node * names.length + place]!] as const);
    return Object.fromEntries(own) as PortNumbers<Port>;
  });
}

function addressesOf<Port extends string>(
  node: string,
  listen: NodeAddresses<Port>["listen"],
  listeners: readonly Listener[],
): NodeAddresses<Port> {
  const outgoing = listeners.filter(({ edge: [from] }) => from === node);
  const peers = [...Map.groupBy(outgoing, ({ edge: [, to] }) => to)].map(([to, links]) => {
    return [to, Object.fromEntries(links.map(({ name, port }) => [name, loopback(port)]))] as const;
  });
  return { listen, peers: Object.fromEntries(peers) as NodeAddresses<Port>["peers"], reach: listen };
}

function onLoopback<Port extends string>(numbers: PortNumbers<Port>): Readonly<Record<Port, Endpoint>> {
  const endpoints = Object.entries<number>(numbers).map(([name, port]) => [name, loopback(port)] as const);
  return Object.fromEntries(endpoints) as Record<Port, Endpoint>;
}

function loopback(port: number): Endpoint {
  return { host: "127.0.0.1", port };
}

import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import type { MachineVersions } from "../../history/test-record.ts";
import { AgentHost } from "../agent/agent-host.ts";
import { attachFleet } from "../agent/attach-fleet.ts";
import { bundlesFolder, requireBundle } from "../agent/bundles.ts";
import { Fleet } from "../agent/fleet.ts";
import type { Attached } from "../backend.ts";
import type { Host, HostNode, Ports } from "../host.ts";
import { forgetRun, keepRun, type RunState } from "../run-state.ts";
import { connectEngine } from "./engine.ts";
import { ensureImage } from "./image.ts";
import { imageVersions } from "./image-versions.ts";
import { inContainer, type Machine, nodesOf, peersReach, startMachines } from "./machines.ts";
import { removeRun } from "./remove.ts";

export interface DockerHostOptions<Port extends string> {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … */
  readonly nodes: readonly string[];
  readonly ports: Ports<Port>;
  /** What nodes run in; our own, built where it is missing, when left out. */
  readonly image?: string;
  /** Told when a lease could not be renewed. */
  readonly onProblem?: (problem: string) => void;
  /** Told what is done while the image is built. */
  readonly onStep?: (step: string) => void;
  /** Where the agent and `node:NAME` programs are; `dist/bundles` when left out. */
  readonly bundles?: string;
  /** Where `collectLogs` will copy logs to; `keelhaul clean` copies them there should this process be killed before. */
  readonly logsFolder?: string;
}

/** A container for each node on a network of the run's own, with an agent in each; edges are cut by iptables. */
export async function createDockerHost<Port extends string>(options: DockerHostOptions<Port>): Promise<Host<Port>> {
  const { runId, nodes, ports } = options;
  const bundles = resolve(options.bundles ?? bundlesFolder());
  requireBundle("node:agent.mjs", bundles);
  const docker = await connectEngine();
  const image = options.image ?? (await ensureImage(options.onStep ?? (() => {})));
  const token = randomBytes(24).toString("hex");
  try {
    const machines = await startMachines(docker, { runId, nodes, ports, image, bundles, token });
    await layLinks(runId, machines, ports);
    const agents = new Map(machines.map(({ id, agent }) => [id, agent]));
    const fleet = new Fleet(nodes, (node) => agents.get(node)!, options.onProblem ?? (() => {}));
    fleet.keepLeases();
    const versions = await imageVersions(docker, image);
    const host = new DockerHost({ docker, runId, bundles, versions }, nodesOf(machines, ports), fleet);
    await keepRun({
      ...{ run: runId, backend: "docker", token, nodes: host.nodes },
      place: { bundles, image, ...(options.logsFolder === undefined ? {} : { logs: resolve(options.logsFolder) }) },
      agents: Object.fromEntries(machines.map((machine) => [machine.id, machine.agentEndpoint])),
    });
    return host;
  } catch (error) {
    await removeRun(docker, runId);
    throw error;
  }
}

/** The containers of a run that another controller made, as they are. */
export async function attachDockerHost(run: RunState, onProblem: (problem: string) => void): Promise<Attached> {
  const { bundles, image } = z.object({ bundles: z.string(), image: z.string() }).parse(run.place);
  const docker = await connectEngine();
  const { fleet, left } = await attachFleet(run, onProblem);
  const versions = await imageVersions(docker, image);
  return { host: new DockerHost({ docker, runId: run.run, bundles, versions }, run.nodes, fleet), left };
}

async function layLinks<Port extends string>(
  run: string,
  machines: readonly Machine<Port>[],
  ports: Ports<Port>,
): Promise<void> {
  const peers = Object.fromEntries(machines.map((machine) => [machine.id, peersReach(machine, ports)]));
  await Promise.all(
    machines.map(({ id, agent }) =>
      agent.call("setup", { kind: "iptables", run, self: id, nodes: peers, sudo: false }),
    ),
  );
}

interface DockerRun {
  readonly docker: Docker;
  readonly runId: string;
  readonly bundles: string;
  readonly versions: MachineVersions;
}

class DockerHost<Port extends string> extends AgentHost<Port> {
  readonly name = "docker";
  readonly versions: MachineVersions;
  readonly #docker: Docker;
  readonly #runId: string;

  constructor({ docker, runId, bundles, versions }: DockerRun, nodes: readonly HostNode<Port>[], fleet: Fleet) {
    const paths = { node: "node", bundles, bundlesOnNode: inContainer.bundles, logs: inContainer.logs };
    super(nodes, fleet, () => paths);
    this.versions = versions;
    this.#docker = docker;
    this.#runId = runId;
  }

  async collectLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await this.fleet.copyFiles(folder);
  }

  async destroy(): Promise<void> {
    this.fleet.dropLeases();
    await removeRun(this.#docker, this.#runId);
    await forgetRun(this.#runId);
  }
}

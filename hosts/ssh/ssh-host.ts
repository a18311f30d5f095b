import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { messageOf, UsageError } from "../../errors/errors.ts";
import { AgentHost, type MachinePaths } from "../agent/agent-host.ts";
import { attachFleet } from "../agent/attach-fleet.ts";
import { bundlesFolder, requireBundle } from "../agent/bundles.ts";
import type { AgentClient } from "../agent/client.ts";
import { Fleet } from "../agent/fleet.ts";
import type { Attached } from "../backend.ts";
import type { GivenOptions } from "../backend-option.ts";
import { newClusterSecret } from "../cluster-secret.ts";
import { ownControllerName } from "../controller-name.ts";
import { type Endpoint, type Host, type HostNode, type NodeAddresses, type Ports, peerPorts } from "../host.ts";
import { forgetRun, keepRun, type RunState } from "../run-state.ts";
import { SshConnection } from "./connection.ts";
import { Forwarder } from "./forwarder.ts";
import { agentThrough, type Machine, type Prepared, prepareMachine, reachMachines } from "./machines.ts";
import { asPlace, placeOf } from "./place.ts";
import { removeRun } from "./remove.ts";
import { runtimeUpload } from "./runtime.ts";
import { targetsOf } from "./target.ts";
import { folderUpload } from "./upload.ts";

export interface SshHostOptions<Port extends string> {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … Each gets the machine at its place in the list of hosts. */
  readonly nodes: readonly string[];
  readonly ports: Ports<Port>;
  /** Those of the backend, which name the machines. */
  readonly options: GivenOptions;
  /** Told when a lease could not be renewed. */
  readonly onProblem?: (problem: string) => void;
  /** Told what is uploaded. */
  readonly onStep?: (step: string) => void;
  /** Where the agent and `node:NAME` programs are; `dist/bundles` when left out. */
  readonly bundles?: string;
}

/** A machine for each node, reached by ssh, with an agent on each; edges are cut by its packet filter. */
export async function createSshHost<Port extends string>(options: SshHostOptions<Port>): Promise<Host<Port>> {
  const { runId, nodes, ports } = options;
  const bundles = resolve(options.bundles ?? bundlesFolder());
  for (const program of ["node:agent.mjs", "node:ssh-launch.mjs"]) requireBundle(program, bundles);
  const machines = await reachMachines(nodes, await targetsOf(options.options));
  const token = randomBytes(24).toString("hex");
  const state = { run: runId, backend: "ssh", token };
  try {
    // Before anything is made: what a killed controller leaves is found by it.
    await keepRun({ ...state, agents: {}, nodes: [], place: asPlace({ options: options.options, machines: {} }) });
    const prepared = await prepareAll(machines, { ...options, bundles, token });
    const agents = await Promise.all(
      machines.map((machine, place) => agentThrough(machine, prepared[place]!.agent, token)),
    );
    await layLinks(runId, machines, agents, prepared, ports);
    const fleet = new Fleet(nodes, (node) => agents[nodes.indexOf(node)]!, options.onProblem ?? (() => {}));
    fleet.keepLeases();
    const placed = nodesOf(machines, prepared, ports);
    const paths = Object.fromEntries(machines.map(({ id }, place) => [id, pathsOf(prepared[place]!, bundles)]));
    const reached = await Promise.all(placed.map((node, place) => reachedThrough(node, machines[place]!.forwarder)));
    await keepRun({
      ...{ ...state, nodes: placed, place: asPlace({ options: options.options, machines: paths }) },
      agents: Object.fromEntries(machines.map(({ id }, place) => [id, prepared[place]!.agent])),
    });
    return new SshHost({ runId, paths, machines }, reached, fleet);
  } catch (error) {
    await removeFrom(machines, runId).catch((left: unknown) => options.onProblem?.(messageOf(left)));
    throw error;
  }
}

/** The machines of a run that another controller prepared, as they are. */
export async function attachSshHost(run: RunState, onProblem: (problem: string) => void): Promise<Attached> {
  const { options, machines: paths } = placeOf(run.place);
  if (run.nodes.length === 0) throw new UsageError(`run ${run.run}: it was never started; run \`keelhaul clean\``);
  const targets = await targetsOf(options);
  const machines = run.nodes.map(({ id }, place) => {
    const connection = new SshConnection(targets[place]!);
    return { id, connection, forwarder: new Forwarder(connection) };
  });
  try {
    const agents = await Promise.all(
      machines.map(async ({ id, forwarder }) => [id, await forwarder.open(run.agents[id]!)] as const),
    );
    const nodes = await Promise.all(run.nodes.map((node, place) => reachedThrough(node, machines[place]!.forwarder)));
    const { fleet, left } = await attachFleet({ ...run, agents: Object.fromEntries(agents) }, onProblem);
    return { host: new SshHost({ runId: run.run, paths, machines }, nodes, fleet), left };
  } catch (error) {
    await closeAll(machines);
    throw error;
  }
}

async function prepareAll<Port extends string>(
  machines: readonly Machine[],
  run: SshHostOptions<Port> & { readonly bundles: string; readonly token: string },
): Promise<readonly Prepared<Port>[]> {
  const needsRuntime = machines.some(({ found }) => found.node === null);
  const uploads = {
    programs: await folderUpload(run.bundles),
    runtime: needsRuntime ? await runtimeUpload() : null,
  };
  const controller = await ownControllerName();
  const onStep = run.onStep ?? (() => {});
  return Promise.all(machines.map((machine) => prepareMachine(machine, { ...run, controller, uploads, onStep })));
}

/** A machine whose packet filter cannot be used has no links to cut; plans refuse faults that need them. */
async function layLinks<Port extends string>(
  run: string,
  machines: readonly Machine[],
  agents: readonly AgentClient[],
  prepared: readonly Prepared<Port>[],
  ports: Ports<Port>,
): Promise<void> {
  const nodes = Object.fromEntries(machines.map(({ id }, place) => [id, onlyPeers(prepared[place]!.listen, ports)]));
  await Promise.all(
    machines.map(async ({ id, found: { isRoot, whyNoIptables } }, place) => {
      if (whyNoIptables !== null) return;
      await agents[place]!.call("setup", { kind: "iptables", run, self: id, nodes, sudo: !isRoot });
    }),
  );
}

function onlyPeers<Port extends string>(
  listen: Readonly<Record<Port, Endpoint>>,
  ports: Ports<Port>,
): Readonly<Record<string, Endpoint>> {
  return Object.fromEntries(peerPorts(ports).map((name) => [name, listen[name]]));
}

/** The nodes as they reach each other; how the controller reaches them differs with each of its connections. */
function nodesOf<Port extends string>(
  machines: readonly Machine[],
  prepared: readonly Prepared<Port>[],
  ports: Ports<Port>,
): HostNode<Port>[] {
  const secret = newClusterSecret();
  const peers = machines.map(({ id }, place) => [id, onlyPeers(prepared[place]!.listen, ports)] as const);
  return machines.map(({ id }, place) => {
    const { listen, data } = prepared[place]!;
    const others = Object.fromEntries(peers.filter(([other]) => other !== id)) as NodeAddresses<Port>["peers"];
    return { id, dataDir: data, secret, addresses: { listen, peers: others, reach: listen } };
  });
}

/** The node with addresses at which this controller reaches it. */
async function reachedThrough<Port extends string>(
  node: HostNode<Port>,
  forwarder: Forwarder,
): Promise<HostNode<Port>> {
  const names = Object.keys(node.addresses.listen) as Port[];
  const reach = await Promise.all(
    names.map(async (name) => [name, await forwarder.open(node.addresses.listen[name])] as const),
  );
  return { ...node, addresses: { ...node.addresses, reach: Object.fromEntries(reach) as Record<Port, Endpoint> } };
}

function pathsOf({ node, bundlesOnNode, logs }: Prepared<string>, bundles: string): MachinePaths {
  return { node, bundles, bundlesOnNode, logs };
}

type OpenMachine = Pick<Machine, "id" | "connection" | "forwarder">;

interface SshRun {
  readonly runId: string;
  readonly paths: Readonly<Record<string, MachinePaths>>;
  readonly machines: readonly OpenMachine[];
}

class SshHost<Port extends string> extends AgentHost<Port> {
  readonly name = "ssh";
  readonly #run: SshRun;
  #destroyed: Promise<void> | undefined;

  constructor(run: SshRun, nodes: readonly HostNode<Port>[], fleet: Fleet) {
    super(nodes, fleet, (node) => run.paths[node]!);
    this.#run = run;
  }

  async collectLogs(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await this.fleet.copyFiles(folder);
    await Promise.all(
      this.#run.machines.map(async ({ id, connection }) => {
        const log = `${id}.agent.log`;
        await writeFile(join(folder, log), await connection.output(["cat", join(this.#run.paths[id]!.logs, log)]));
      }),
    );
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  /** The agents end their processes themselves; whatever they could not is found by the run's id. */
  async #destroy(): Promise<void> {
    await this.fleet.end().catch(() => {}); // one that is gone, or cannot be reached, which removing finds out
    await removeFrom(this.#run.machines, this.#run.runId);
  }
}

/** Removes all that the run made, and closes the connections. What could not be removed stays in the user's state. */
async function removeFrom(machines: readonly OpenMachine[], runId: string): Promise<void> {
  const removed = await Promise.allSettled(machines.map(({ connection }) => removeRun(connection, runId)));
  await closeAll(machines);
  const failed = removed.flatMap((result) => (result.status === "rejected" ? [messageOf(result.reason)] : []));
  if (failed.length > 0)
    throw new Error(`left run ${runId} on machines: ${failed.join("; ")}; then run \`keelhaul clean\``);
  await forgetRun(runId);
}

async function closeAll(machines: readonly OpenMachine[]): Promise<void> {
  for (const { forwarder } of machines) forwarder.close();
  await Promise.all(machines.map(({ connection }) => connection.close()));
}

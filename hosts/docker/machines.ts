import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { AgentClient } from "../agent/client.ts";
import { type AgentConfig, defaultLeaseMs } from "../agent/protocol.ts";
import { newClusterSecret } from "../cluster-secret.ts";
import { type Endpoint, type HostNode, type NodeAddresses, type Ports, peerPorts } from "../host.ts";
import { ownLabels } from "./labels.ts";

/** Inside a container, where every node has an address of its own, ports and folders are the same for all. */
export const inContainer = {
  agentPort: 7000,
  bundles: "/keelhaul/bundles",
  data: "/keelhaul/data",
  logs: "/keelhaul/logs",
} as const;

const agentWithinMs = 30_000;
const pollMs = 100;

/** Where a system's ports are inside of every container: behind the agent's, in the system's order. */
function numbersOf<Port extends string>(ports: Ports<Port>): ReadonlyMap<Port, number> {
  const names = Object.keys(ports) as Port[];
  return new Map(names.map((name, place) => [name, inContainer.agentPort + 1 + place]));
}

/** A container that runs, and how to reach it. `address`: on the run's own network. */
export interface Machine<Port extends string = string> {
  readonly id: string;
  readonly container: Docker.Container;
  readonly address: string;
  readonly reach: Readonly<Record<Port, Endpoint>>;
  readonly agent: AgentClient;
  readonly agentEndpoint: Endpoint;
}

export interface MachinesOptions<Port extends string> {
  readonly runId: string;
  readonly nodes: readonly string[];
  readonly ports: Ports<Port>;
  readonly image: string;
  /** The folder of bundles on the engine's machine. */
  readonly bundles: string;
  readonly token: string;
}

/** One network, and a container with an agent for each node. */
export async function startMachines<Port extends string>(
  docker: Docker,
  options: MachinesOptions<Port>,
): Promise<Machine<Port>[]> {
  const labels = await ownLabels(options.runId);
  const network = `keelhaul-${options.runId}`;
  await docker.createNetwork({ Name: network, Driver: "bridge", Labels: labels });
  return Promise.all(
    options.nodes.map(async (id) => {
      const container = await docker.createContainer(containerOf(id, network, labels, options));
      await container.start();
      return reachMachine(id, container, network, options);
    }),
  );
}

/** The nodes as their systems are told about them. */
export function nodesOf<Port extends string>(machines: readonly Machine<Port>[], ports: Ports<Port>): HostNode<Port>[] {
  const secret = newClusterSecret();
  const listen = endpointsOf(ports, everywhere);
  const peers = machines.map((machine) => [machine.id, peersReach(machine, ports)] as const);
  return machines.map(({ id, reach }) => {
    const others = Object.fromEntries(peers.filter(([other]) => other !== id)) as NodeAddresses<Port>["peers"];
    return { id, dataDir: inContainer.data, secret, addresses: { listen, peers: others, reach } };
  });
}

/** Where a machine's peers reach it. */
export function peersReach<Port extends string>(
  { address }: Machine<Port>,
  ports: Ports<Port>,
): Readonly<Record<string, Endpoint>> {
  const all = endpointsOf(ports, (port) => ({ host: address, port }));
  return Object.fromEntries(peerPorts(ports).map((name) => [name, all[name]]));
}

function endpointsOf<Port extends string>(
  ports: Ports<Port>,
  endpoint: (port: number) => Endpoint,
): Readonly<Record<Port, Endpoint>> {
  const endpoints = [...numbersOf(ports)].map(([name, port]) => [name, endpoint(port)] as const);
  return Object.fromEntries(endpoints) as Record<Port, Endpoint>;
}

function containerOf<Port extends string>(
  id: string,
  network: string,
  labels: Record<string, string>,
  { runId, image, bundles, token, ports }: MachinesOptions<Port>,
): Docker.ContainerCreateOptions {
  const config: AgentConfig = { listen: everywhere(inContainer.agentPort), token, leaseMs: defaultLeaseMs };
  const exposed = [inContainer.agentPort, ...numbersOf(ports).values()].map((port) => `${port}/tcp`);
  return {
    name: `keelhaul-${runId}-${id}`,
    Hostname: id,
    Image: image,
    // Whatever else an image of the user's own would start.
    Entrypoint: ["node", `${inContainer.bundles}/agent.mjs`],
    Cmd: [],
    Labels: labels,
    Env: [`KEELHAUL_AGENT=${JSON.stringify(config)}`],
    ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])),
    HostConfig: {
      CapAdd: ["NET_ADMIN"],
      NetworkMode: network,
      // Port "0" lets the engine choose one that is free, and 127.0.0.1 keeps other machines out.
      PortBindings: Object.fromEntries(exposed.map((port) => [port, [{ HostIp: "127.0.0.1", HostPort: "0" }]])),
      Mounts: [
        { Type: "bind", Source: bundles, Target: inContainer.bundles, ReadOnly: true },
        // A volume, as an fsync in the container's own layers would go through the overlay file system.
        { Type: "volume", Source: "", Target: inContainer.data, VolumeOptions: { ...noDriver, Labels: labels } },
      ],
    },
  };
}

const noDriver = { NoCopy: false, DriverConfig: { Name: "", Options: {} } };

async function reachMachine<Port extends string>(
  id: string,
  container: Docker.Container,
  network: string,
  { token, ports }: Pick<MachinesOptions<Port>, "token" | "ports">,
): Promise<Machine<Port>> {
  const { NetworkSettings: settings } = await container.inspect();
  const published = (port: number): Endpoint => {
    const hostPort = settings.Ports[`${port}/tcp`]?.[0]?.HostPort;
    if (hostPort === undefined) throw new Error(`${id}: the engine published no port for ${port}`);
    return { host: "127.0.0.1", port: Number(hostPort) };
  };
  const agentEndpoint = published(inContainer.agentPort);
  const agent = new AgentClient(agentEndpoint, token);
  await agentAnswers(id, container, agent);
  const reach = endpointsOf(ports, published);
  return { id, container, address: settings.Networks[network]!.IPAddress, reach, agent, agentEndpoint };
}

async function agentAnswers(id: string, container: Docker.Container, agent: AgentClient): Promise<void> {
  let last: unknown;
  for (let waitedMs = 0; waitedMs < agentWithinMs; waitedMs += pollMs) {
    try {
      await agent.call("renew", {}, 1000);
      return;
    } catch (error) {
      last = error;
    }
    const { State: state } = await container.inspect();
    if (!state.Running) break;
    await sleep(pollMs);
  }
  const output = await container.logs({ stdout: true, stderr: true, tail: 20 });
  throw new Error(`${id}: the agent does not answer; its container says: ${output.toString("utf8")}`, { cause: last });
}

function everywhere(port: number): Endpoint {
  return { host: "0.0.0.0", port };
}

import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { AgentClient } from "../agent/client.ts";
import { type AgentConfig, defaultLeaseMs } from "../agent/protocol.ts";
import { newClusterSecret } from "../cluster-secret.ts";
import type { Endpoint, HostNode, PortName } from "../host.ts";
import { ownLabels } from "./labels.ts";

/** Inside a container, where every node has an address of its own, ports and folders are the same for all. */
export const inContainer = {
  ports: { peer: 7000, client: 7001, http: 7002, agent: 7003 },
  bundles: "/keelhaul/bundles",
  data: "/keelhaul/data",
  logs: "/keelhaul/logs",
} as const;

const agentWithinMs = 30_000;
const pollMs = 100;

/** A container that runs, and how to reach it. `address`: on the run's own network. */
export interface Machine {
  readonly id: string;
  readonly container: Docker.Container;
  readonly address: string;
  readonly reach: Readonly<Record<PortName | "agent", Endpoint>>;
  readonly agent: AgentClient;
}

export interface MachinesOptions {
  readonly runId: string;
  readonly nodes: readonly string[];
  readonly image: string;
  /** The folder of bundles on the engine's machine. */
  readonly bundles: string;
  readonly token: string;
}

/** One network, and a container with an agent for each node. */
export async function startMachines(docker: Docker, options: MachinesOptions): Promise<Machine[]> {
  const labels = await ownLabels(options.runId);
  const network = `keelhaul-${options.runId}`;
  await docker.createNetwork({ Name: network, Driver: "bridge", Labels: labels });
  return Promise.all(
    options.nodes.map(async (id) => {
      const container = await docker.createContainer(containerOf(id, network, labels, options));
      await container.start();
      return reachMachine(id, container, network, options.token);
    }),
  );
}

/** The nodes as their systems are told about them. */
export function nodesOf(machines: readonly Machine[]): HostNode[] {
  const secret = newClusterSecret();
  const { ports } = inContainer;
  return machines.map(({ id, reach }) => ({
    id,
    dataDir: inContainer.data,
    secret,
    addresses: {
      listen: { peer: everywhere(ports.peer), client: everywhere(ports.client), http: everywhere(ports.http) },
      peers: Object.fromEntries(machines.filter((other) => other.id !== id).map((other) => [other.id, peerOf(other)])),
      reach,
    },
  }));
}

/** Where a machine's peers reach it. */
export function peerOf({ address }: Machine): Endpoint {
  return { host: address, port: inContainer.ports.peer };
}

function containerOf(
  id: string,
  network: string,
  labels: Record<string, string>,
  { runId, image, bundles, token }: MachinesOptions,
): Docker.ContainerCreateOptions {
  const config: AgentConfig = { listen: everywhere(inContainer.ports.agent), token, leaseMs: defaultLeaseMs };
  const ports = Object.values(inContainer.ports).map((port) => `${port}/tcp`);
  return {
    name: `keelhaul-${runId}-${id}`,
    Hostname: id,
    Image: image,
    Labels: labels,
    Env: [`KEELHAUL_AGENT=${JSON.stringify(config)}`],
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    HostConfig: {
      CapAdd: ["NET_ADMIN"],
      NetworkMode: network,
      // Port "0" lets the engine choose one that is free, and 127.0.0.1 keeps other machines out.
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: "127.0.0.1", HostPort: "0" }]])),
      Mounts: [
        { Type: "bind", Source: bundles, Target: inContainer.bundles, ReadOnly: true },
        // A volume, as an fsync in the container's own layers would go through the overlay file system.
        { Type: "volume", Source: "", Target: inContainer.data, VolumeOptions: { ...noDriver, Labels: labels } },
      ],
    },
  };
}

const noDriver = { NoCopy: false, DriverConfig: { Name: "", Options: {} } };

async function reachMachine(id: string, container: Docker.Container, network: string, token: string): Promise<Machine> {
  const { NetworkSettings: settings } = await container.inspect();
  const published = (port: number): Endpoint => {
    const hostPort = settings.Ports[`${port}/tcp`]?.[0]?.HostPort;
    if (hostPort === undefined) throw new Error(`${id}: the engine published no port for ${port}`);
    return { host: "127.0.0.1", port: Number(hostPort) };
  };
  const { peer, client, http, agent } = inContainer.ports;
  const reach = { peer: published(peer), client: published(client), http: published(http), agent: published(agent) };
  const agentClient = new AgentClient(reach.agent, token);
  await agentAnswers(id, container, agentClient);
  return { id, container, address: settings.Networks[network]!.IPAddress, reach, agent: agentClient };
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

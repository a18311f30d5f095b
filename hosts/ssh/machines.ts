import { isIPv4 } from "node:net";
import { AgentClient } from "../agent/client.ts";
import { defaultLeaseMs } from "../agent/protocol.ts";
import type { Endpoint, Ports } from "../host.ts";
import { controllerVariable, runVariable } from "../local/run-processes.ts";
import { SshConnection } from "./connection.ts";
import { Forwarder } from "./forwarder.ts";
import { HostProblem } from "./host-problem.ts";
import { type LaunchRequest, launched } from "./launch-protocol.ts";
import { placesIn } from "./paths.ts";
import { type Survey, survey } from "./survey.ts";
import type { Target } from "./target.ts";
import { ensureUploaded, type Upload } from "./upload.ts";

const launchWithinMs = 60_000;

/** A machine that was logged in to, and what was found there. */
export interface Machine {
  readonly id: string;
  readonly connection: SshConnection;
  readonly forwarder: Forwarder;
  readonly found: Survey;
  /** Where its peers reach it. */
  readonly peer: string;
}

/** Where on a machine things are, and where its agent and nodes listen, as the machine itself reaches them. */
export interface Prepared<Port extends string> {
  readonly node: string;
  readonly bundlesOnNode: string;
  readonly data: string;
  readonly logs: string;
  readonly agent: Endpoint;
  readonly listen: Readonly<Record<Port, Endpoint>>;
}

/** Logs in to each, and looks. Changes nothing there. */
export async function reachMachines(nodes: readonly string[], targets: readonly Target[]): Promise<readonly Machine[]> {
  requireEnough(targets, nodes.length);
  const connections = nodes.map((_, place) => new SshConnection(targets[place]!));
  try {
    const found = await Promise.all(connections.map(survey));
    const peers = peerAddresses(connections.map(({ target }, place) => ({ target, found: found[place]! })));
    return connections.map((connection, place) => {
      const forwarder = new Forwarder(connection);
      return { id: nodes[place]!, connection, forwarder, found: found[place]!, peer: peers[place]! };
    });
  } catch (error) {
    await Promise.all(connections.map((connection) => connection.close()));
    throw error;
  }
}

/** Throws a HostProblem for fewer machines than nodes. */
export function requireEnough({ length }: readonly Target[], nodes: number): void {
  if (length >= nodes) return;
  const named = `${length} ${length === 1 ? "machine" : "machines"}`;
  throw new HostProblem(`--hosts names ${named} for ${nodes} nodes`, `add hosts or give --nodes ${length}`);
}

/** Where the machines reach each other. Throws a HostProblem where they could not, or where the packet filter could not tell them apart. */
export function peerAddresses(
  machines: readonly { readonly target: Pick<Target, "name" | "peer">; readonly found: Pick<Survey, "address"> }[],
): readonly string[] {
  const named = machines.map(({ target, found }) => ({ name: target.name, peer: target.peer ?? found.address }));
  const peers = named.map(({ peer }) => peer);
  const remedy = "give each machine an IPv4 address of its own as +peer=ADDRESS";
  const odd = named.find(({ peer }) => !isIPv4(peer));
  if (odd !== undefined) {
    throw new HostProblem(`${odd.name} was reached at ${odd.peer}, and peers need an IPv4 address`, remedy);
  }
  const alone = named.length > 1 ? named.find(({ peer }) => peer.startsWith("127.")) : undefined;
  if (alone !== undefined) throw new HostProblem(`peers cannot reach ${alone.name} at ${alone.peer}`, remedy);
  const twice = peers.findIndex((peer, place) => peers.indexOf(peer) < place);
  if (twice < 0) return peers;
  const [one, other] = [named[peers.indexOf(peers[twice]!)]!, named[twice]!];
  throw new HostProblem(`${one.name} and ${other.name} have the same address for peers, ${other.peer}`, remedy);
}

/** What is uploaded: the programs, and a runtime for machines without one. */
export interface Uploads {
  readonly programs: Upload;
  readonly runtime: Upload | null;
}

/** Uploads what is missing, starts the agent, and finds ports for the node. */
export async function prepareMachine<Port extends string>(
  { id, connection, found, peer }: Machine,
  run: {
    readonly runId: string;
    readonly controller: string;
    readonly token: string;
    readonly ports: Ports<Port>;
    readonly uploads: Uploads;
    readonly onStep: (step: string) => void;
  },
): Promise<Prepared<Port>> {
  const { runId, uploads, ports } = run;
  const places = placesIn(found.home);
  const bundlesOnNode = places.programs(uploads.programs.hash);
  const sent = await ensureUploaded(connection, uploads.programs, bundlesOnNode);
  if (sent > 0) run.onStep(`uploaded the programs to ${connection.target.name}`);
  const node = found.node ?? (await uploadedNode(connection, uploads.runtime, found, run.onStep));
  const [data, logs] = [places.run(runId, "data"), places.run(runId, "logs")];
  const names = Object.keys(ports) as Port[];
  const { agent, numbers } = await launch(connection, [node, `${bundlesOnNode}/ssh-launch.mjs`], {
    token: run.token,
    leaseMs: defaultLeaseMs,
    environment: { [runVariable]: runId, [controllerVariable]: run.controller },
    logFile: `${logs}/${id}.agent.log`,
    folders: [data],
    peer,
    ports: names.length,
  });
  const listen = names.map((name, place) => [name, { host: peer, port: numbers[place]! }] as const);
  return { node, bundlesOnNode, data, logs, agent, listen: Object.fromEntries(listen) as Record<Port, Endpoint> };
}

async function uploadedNode(
  connection: SshConnection,
  runtime: Upload | null,
  { home }: Survey,
  onStep: (step: string) => void,
): Promise<string> {
  const { name } = connection.target;
  if (runtime === null) throw new Error(`${name} has no Node, and none is uploaded`);
  const folder = placesIn(home).programs(runtime.hash);
  onStep(`uploading Node to ${name}, once`);
  await ensureUploaded(connection, runtime, folder);
  return `${folder}/${runtime.files[0]!.name}`;
}

async function launch(connection: SshConnection, command: readonly string[], request: LaunchRequest) {
  const printed = await connection.output(command, { input: JSON.stringify(request), timeoutMs: launchWithinMs });
  const answer = launched.parse(JSON.parse(printed));
  if ("agent" in answer) return { agent: answer.agent, numbers: answer.ports };
  throw new HostProblem(
    `${connection.target.name} does not have the address ${request.peer}; it has ${answer.addresses.join(", ")}`,
    "give it one of these as +peer=ADDRESS",
  );
}

/** The agent of a machine, through the machine's connection. */
export async function agentThrough({ forwarder }: Pick<Machine, "forwarder">, agent: Endpoint, token: string) {
  return new AgentClient(await forwarder.open(agent), token);
}

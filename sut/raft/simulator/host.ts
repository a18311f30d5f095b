import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "../../../history/annotations.ts";
import { type Capability, capabilities, type Endpoint, type NodeAction } from "../../../hosts/host.ts";
import type { Injection } from "../../../hosts/injection.ts";
import type { Clock } from "../../../time/clock.ts";
import { parseNodeConfig } from "../node/config.ts";
import { traceFile } from "../node/trace.ts";
import type { RaftHost, RaftNode } from "../ports.ts";
import { clockActions } from "./clock-actions.ts";
import type { Cluster } from "./cluster.ts";
import { diskActions } from "./disk/disks.ts";
import { edgeFaults } from "./edge-faults.ts";
import type { Machine } from "./machine.ts";
import { processActions } from "./process-actions.ts";

/** What faults may ask of simulated machines: everything, as the compiler demands every action of them. */
export const simulatedCapabilities: ReadonlySet<Capability> = new Set(Object.keys(capabilities) as Capability[]);

interface Asked<Action extends NodeAction> {
  readonly action: Action;
  readonly time: Clock;
}

/** How each action is carried out on a simulated machine. */
type VirtualActions = {
  readonly [Kind in NodeAction["kind"]]: (
    machine: Machine,
    asked: Asked<Extract<NodeAction, { kind: Kind }>>,
  ) => Promise<Injection>;
};

/** The machines of a simulated cluster, as a run sees them. Whatever is done to them is done at once. */
export function simulatedHost(cluster: Cluster, time: Clock): RaftHost {
  const machines = [...cluster.machines.values()];
  const ids = machines.map(({ id }) => id);
  const actions: VirtualActions = { ...processActions(), ...clockActions(), ...diskActions };
  return {
    name: "sim",
    run: async () => {
      throw new Error("simulated machines run no programs");
    },
    nodes: ids.map((id) => hostNode(id, ids)),
    start: async (node, { args }) => {
      const machine = cluster.machine(node);
      machine.start(parseNodeConfig(args[args.indexOf("--config") + 1]));
      return { subject: node, observation: machine.description, proves: true };
    },
    kill: async (node) => kill(cluster.machine(node)),
    inject: async (node, action) => carryOut(actions, cluster.machine(node), { action, time }),
    ...edgeFaults(cluster, time),
    alive: async (node) => cluster.machine(node).process !== null,
    ends: async () => machines.flatMap((machine) => machine.ends()).sort((one, other) => other.agoMs - one.agoMs),
    collectLogs: async (folder) => {
      for (const { id, log, trace } of machines) {
        writeFileSync(join(folder, `${id}.log`), log.join(""));
        if (trace.length > 0) writeFileSync(join(folder, `${id}.${traceFile}`), trace.join(""));
      }
    },
    destroy: async () => {
      for (const machine of machines) if (machine.process !== null) machine.kill();
    },
  };
}

function kill(machine: Machine): Evidence {
  if (machine.process === null) return { subject: machine.id, observation: "no process to kill", proves: false };
  const ended = machine.description;
  const loss = machine.kill();
  const power = loss === null ? "" : `, and the power with ${loss.unsyncedBytes} bytes of files not synced`;
  return { subject: machine.id, observation: `${ended} is gone${power}`, proves: machine.process === null };
}

/** The one place where the compiler cannot follow that action and its way are of the same kind. */
function carryOut(actions: VirtualActions, machine: Machine, asked: Asked<NodeAction>): Promise<Injection> {
  const inKind = actions[asked.action.kind] as (machine: Machine, asked: Asked<NodeAction>) => Promise<Injection>;
  return inKind(machine, asked);
}

/** Addresses are names alone: nothing listens on them. */
function hostNode(id: string, ids: readonly string[]): RaftNode {
  const address = (node: string): Endpoint => ({ host: node, port: 0 });
  const own = { peer: address(id), client: address(id), http: address(id) };
  const peers = Object.fromEntries(
    ids.filter((other) => other !== id).map((other) => [other, { peer: address(other) }]),
  );
  return { id, addresses: { listen: own, peers, reach: own }, dataDir: `/${id}`, secret: "" };
}

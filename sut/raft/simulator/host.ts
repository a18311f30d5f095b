import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Edge as EdgeName, Evidence } from "../../../history/annotations.ts";
import { type Capability, diskTroubles, type Endpoint } from "../../../hosts/host.ts";
import { type Injection, injection } from "../../../hosts/injection.ts";
import { heldByOthers, Shares } from "../../../hosts/shares.ts";
import type { Clock } from "../../../time/clock.ts";
import { parseNodeConfig } from "../node/config.ts";
import { traceFile } from "../node/trace.ts";
import type { RaftHost, RaftNode } from "../ports.ts";
import type { Cluster } from "./cluster.ts";
import { simulatedDisks } from "./disk/disks.ts";
import type { Machine } from "./machine.ts";

/** What faults may ask of simulated machines. */
export const simulatedCapabilities: ReadonlySet<Capability> = new Set<Capability>([
  ...(["kill", "pause", "cut"] as const),
  ...diskTroubles.map((trouble) => `disk-${trouble}` as const),
]);

/** The machines of a simulated cluster, as a run sees them. Whatever is done to them is done at once. */
export function simulatedHost(cluster: Cluster, time: Clock): RaftHost {
  const machines = [...cluster.machines.values()];
  const ids = machines.map(({ id }) => id);
  const disks = simulatedDisks((node) => cluster.machine(node), time);
  const shares = new Shares();
  /** Heals after the shares were released, however often it is called. */
  const onceReleased = (keys: readonly string[], heal: Injection["heal"]): Injection["heal"] => {
    let holds = true;
    return () => {
      if (holds) shares.release(keys);
      holds = false;
      return heal();
    };
  };
  return {
    name: "sim",
    nodes: ids.map((id) => hostNode(id, ids)),
    start: async (node, { args }) => {
      const machine = cluster.machine(node);
      machine.start(parseNodeConfig(args[args.indexOf("--config") + 1]));
      return { subject: node, observation: machine.description, proves: true };
    },
    kill: async (node) => kill(cluster.machine(node)),
    inject: async (node, action) => {
      const trouble = diskTroubles.find((known) => action.kind === `disk-${known}`);
      if (trouble !== undefined) return disks.trouble(node, trouble);
      const [machine, key] = [cluster.machine(node), `pause ${node}`];
      shares.take([key]);
      machine.process?.pause();
      return injection(
        [stateEvidence(machine, "paused")],
        onceReleased([key], async () => {
          if (shares.isHeld(key)) return [heldByOthers(node)];
          machine.process?.resume();
          return [stateEvidence(machine, "running")];
        }),
      );
    },
    cut: async (edges) => {
      const keys = edges.map(nameOf);
      shares.take(keys);
      const cuts = edges.map((name) => {
        const edge = cluster.edge(...name);
        edge.cut();
        return edgeEvidence(name, "cut", edge.isCut);
      });
      return injection(
        cuts,
        onceReleased(keys, async () =>
          [...cluster.edges()].flatMap(([name, edge]) => {
            if (!edge.isCut || !keys.includes(nameOf(name))) return [];
            if (shares.isHeld(nameOf(name))) return [heldByOthers(nameOf(name))];
            edge.mend();
            return [edgeEvidence(name, `open; ${edge.keptBack} messages were kept back`, !edge.isCut)];
          }),
        ),
      );
    },
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

function stateEvidence(machine: Machine, wanted: "paused" | "running"): Evidence {
  const state = machine.process?.state;
  const observation = state === undefined ? machine.description : `${machine.description} is ${state}`;
  return { subject: machine.id, observation, proves: state === wanted };
}

function edgeEvidence(name: EdgeName, observation: string, proves: boolean): Evidence {
  return { subject: nameOf(name), observation, proves };
}

function nameOf(edge: EdgeName): string {
  return edge.join("->");
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

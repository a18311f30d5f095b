import type { Edge as EdgeName } from "../../../history/annotations.ts";
import { randomStream } from "../../../random/stream.ts";
import { type Clock, nsPerMs } from "../../../time/clock.ts";
import type { NodeId } from "../core/types.ts";
import type { Conduct } from "../mutants/registry.ts";
import { Caller } from "./caller.ts";
import { SimulatedDisk } from "./disk/simulated-disk.ts";
import { Edge } from "./edge.ts";
import { Machine } from "./machine.ts";
import type { Skew } from "./process.ts";
import type { SimulationSettings } from "./settings.ts";
import { TimeOfDay } from "./time-of-day.ts";
import type { ClusterWatch } from "./watch.ts";

export interface ClusterOptions {
  readonly nodes: readonly NodeId[];
  readonly time: Clock;
  /** Each part of the world draws from a stream of its own. */
  readonly seed: number;
  readonly settings: SimulationSettings;
  readonly conduct: Conduct;
  readonly watch: ClusterWatch;
  /** A node found itself wrong, and stops. */
  readonly onBug: (id: NodeId, cause: Error) => void;
}

/** Machines, the edges between them, and the way in for those who are no nodes. */
export class Cluster {
  readonly machines: ReadonlyMap<NodeId, Machine>;
  readonly caller: Caller;
  readonly #edges: ReadonlyMap<NodeId, ReadonlyMap<NodeId, Edge>>;

  constructor(options: ClusterOptions) {
    const { nodes, time, seed, settings } = options;
    const { delayMs } = settings.network;
    this.caller = new Caller({ time, random: randomStream(seed, "callers"), delayMs });
    this.#edges = new Map(nodes.map((from) => [from, this.#edgesFrom(from, options)]));
    this.machines = new Map(nodes.map((id) => [id, this.#machine(id, options)]));
  }

  machine(id: NodeId): Machine {
    const machine = this.machines.get(id);
    if (machine === undefined) throw new RangeError(`no node ${id} in this cluster`);
    return machine;
  }

  edge(from: NodeId, to: NodeId): Edge {
    const edge = this.#edges.get(from)?.get(to);
    if (edge === undefined) throw new RangeError(`no edge from ${from} to ${to} in this cluster`);
    return edge;
  }

  *edges(): Iterable<[EdgeName, Edge]> {
    for (const [from, edges] of this.#edges) for (const [to, edge] of edges) yield [[from, to], edge];
  }

  #edgesFrom(from: NodeId, { nodes, time, seed, settings }: ClusterOptions): ReadonlyMap<NodeId, Edge> {
    const edgeTo = (to: NodeId): Edge =>
      new Edge({
        time,
        settings: settings.network,
        random: randomStream(seed, `edge ${from}->${to}`),
        impairing: randomStream(seed, `impairing ${from}->${to}`),
        farEnd: {
          listening: () => this.machine(to).listening(),
          deliver: (message) => this.machine(to).deliver(from, message),
        },
      });
    return new Map(nodes.filter((to) => to !== from).map((to) => [to, edgeTo(to)]));
  }

  #machine(id: NodeId, { time, seed, settings, conduct, watch, onBug }: ClusterOptions): Machine {
    const random = randomStream(seed, `node ${id}`);
    const machine: Machine = new Machine({
      id,
      time,
      skew: drawSkew(seed, id, settings.clocks),
      disk: new SimulatedDisk(time, settings.disk, randomStream(seed, `disk ${id}`)),
      losesUnsynced: settings.disk.losesUnsynced,
      random: () => random.fraction(),
      kills: randomStream(seed, `kills ${id}`),
      copies: randomStream(seed, `copies ${id}`),
      conduct,
      timeOfDay: new TimeOfDay(seed, id, settings.clocks.offsetMs),
      edgeTo: (to) => this.edge(id, to),
      watch,
      onBug: (cause) => onBug(id, cause),
      onEnd: () => {
        for (const edge of this.#edges.get(id)?.values() ?? []) edge.orphan();
        this.caller.hangUp(machine);
      },
    });
    return machine;
  }
}

/** Rates lie around that of virtual time, so that no two differ by more than the drift. */
function drawSkew(seed: number, id: NodeId, { driftPercent, offsetMs }: SimulationSettings["clocks"]): Skew {
  const random = randomStream(seed, `clock ${id}`);
  const fastest = Math.sqrt(1 + driftPercent / 100);
  const rate = fastest ** (2 * random.fraction() - 1);
  return { rate, offsetNs: Math.round(random.fraction() * offsetMs * nsPerMs) };
}

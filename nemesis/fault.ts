import type { Edge, Evidence } from "../history/annotations.ts";
import type { Capability, ClockAction, DamageRange, Host, Impairment } from "../hosts/host.ts";
import type { Injection } from "../hosts/injection.ts";
import type { RandomStream } from "../random/stream.ts";
import type { Administration, AdministrativeAction, Members, MembershipChange } from "../sut/administration.ts";
import type { DownNodes } from "./down-nodes.ts";
import type { NodeClocks } from "./node-clocks.ts";

/** What the nemesis does to a cluster: it breaks something for a while, or changes something as an operator would. */
export type Fault = LastingFault | ChangeFault;

interface FaultBasics {
  readonly name: string;
  readonly description: string;
  /** What all of its variants need of the machines. */
  readonly needs: readonly Capability[];
  /** The forms it takes; a plan may ask for one by `fault:variant`. */
  readonly variants: readonly FaultVariant[];
  /** How reports shade the time during which it was active. */
  readonly band: { readonly label: string; readonly color: string };
  /** Whether campaigns draw it for their runs; left out, it is injected only where it is asked for. */
  readonly drawn?: "often" | "rarely";
}

/** A fault: what it does, what it needs of the backend, how it is shown to have taken effect, how it heals. */
export interface LastingFault extends FaultBasics {
  readonly kind: "lasting";
  /** Hits the nodes of a target, where its variants say no more than whom they hit. */
  readonly aim?: Aim;
  /**
   * Breaks what was chosen, with evidence for every node or edge of it. The injection says how it heals; one that fails
   * halfway heals what it did before it rejects.
   */
  inject(site: FaultSite, choice: Choice, variant: FaultVariant): Promise<Injection>;
}

/**
 * A change to the cluster, which is over when it is made, and is made beside whatever is broken at the time. That is when
 * it may be refused, or come too late; then it was not made, and nothing needs healing.
 */
export interface ChangeFault extends FaultBasics {
  readonly kind: "change";
  /** What the system's operator has to be able to do for it. */
  readonly asks: readonly AdministrativeAction[];
  /** Makes the change that was chosen; evidence that the cluster has made it. Rejects when there was none to make. */
  make(site: FaultSite, choice: Choice): Promise<readonly Evidence[]>;
}

/** One form of a fault. Whom it hits is data, chosen by a pure function of the cluster and seeded randomness. */
export interface FaultVariant {
  readonly name: string;
  readonly description: string;
  /** What it needs of the machines beyond its fault. */
  readonly needs?: readonly Capability[];
  /** Fewer nodes than this, and the variant would do nothing. */
  readonly minNodes: number;
  /** Whether it aims at the leader of the moment: a plan's schedule sees to it that leaders are hit often. */
  readonly aimsAtLeader: boolean;
  /** Injected only where it is named: a correct store may fail with it, or machines have to be prepared for it. */
  readonly onlyByName?: true;
  /** It comes several times in a row, each time chosen anew; left out: once, and then the cluster may recover. */
  readonly burst?: Burst;
  /** Hits the nodes of a target instead of those that it chooses; left out: it hits no others. */
  readonly aim?: Aim;
  choose(cluster: ClusterView, random: RandomStream): Choice;
}

/** What a fault does to the nodes of a target. */
export type Aim = (nodes: readonly string[], cluster: ClusterView, random: RandomStream) => Choice;

/** Faults so close together that the cluster has no time to recover between them. */
export interface Burst {
  readonly times: readonly [fewest: number, most: number];
  /** How long each lasts, in parts of the longest election timeout. */
  readonly lasts: readonly [shortest: number, longest: number];
  /** The time between two, in the same. */
  readonly pauses: readonly [shortest: number, longest: number];
}

/** The cluster as the nemesis sees it when a fault is due. */
export interface ClusterView {
  readonly nodes: readonly string[];
  /** Null when no node claims to lead: a variant that aims at the leader then takes a node at random. */
  readonly leader: string | null;
  /** Who the members are; null when that is not asked, or nobody could say. */
  readonly members: Members | null;
  /** What faults that last have cut at the moment; left out: nothing. */
  readonly cut?: readonly Edge[];
}

/** Whom a fault hits. */
export interface Choice {
  readonly nodes: readonly string[];
  readonly cut?: readonly Edge[];
  /** What is wrong with which edges. */
  readonly impaired?: { readonly edges: readonly Edge[]; readonly impairment: Impairment };
  readonly change?: MembershipChange;
  /** How the fault sets the clocks of its nodes, by node. */
  readonly clocks?: Readonly<Record<string, ClockAction>>;
  /** The bytes that damage to a disk may hit. */
  readonly damage?: DamageRange;
}

/** Where faults are injected: the machines, the nodes that faults keep down, and what operators can do. */
export interface FaultSite {
  readonly host: Host;
  readonly down: DownNodes;
  readonly administration: Administration;
  /** Left out where the store does not report the time. */
  readonly clocks?: NodeClocks;
  /** Draws what an injection leaves to chance beyond the choice, such as the bytes that damage hits. */
  readonly random: RandomStream;
}

/** What a variant of a fault needs of the machines. */
export function needsOf({ needs }: Fault, variant: FaultVariant): readonly Capability[] {
  return [...needs, ...(variant.needs ?? [])];
}

/** The leader, or a node at random while there is none. */
export function leaderOrAny(cluster: ClusterView, random: RandomStream): string {
  return cluster.leader ?? random.pick(cluster.nodes);
}

/** The largest number of nodes whose loss leaves a majority. */
export function tolerated(nodeCount: number): number {
  return Math.floor((nodeCount - 1) / 2);
}

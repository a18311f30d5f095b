import type { Edge, Evidence, ProcessEndRecord } from "../history/annotations.ts";
import type { MachineVersions } from "../history/test-record.ts";
import type { Injection } from "./injection.ts";

/**
 * What faults may ask of a machine, each as fine as machines differ. A fault names those that it needs; backends say which
 * they offer (`backend.ts`); plan, help and `keelhaul doctor` compare the two.
 */
export const capabilities = {
  kill: "kill a node's process, and start it again",
  pause: "stop a node's process from being scheduled, and resume it",
  hog: "keep the cores of a node's machine busy",
  cut: "drop everything that one node sends to another, for any directed edge",
  "link-slow": "delay what one node sends to another, for any directed edge",
  "link-lossy": "lose a share of what one node sends to another",
  "link-duplicate": "deliver a share of what one node sends to another twice",
  "link-reorder": "let a share of what one node sends to another be overtaken",
  "link-rate": "limit the rate at which one node sends to another",
  "link-reset": "reset the connections on which one node sends to another",
  clock: "set the wall clock that a node's process reads",
  "clock-monotonic":
    "change the rate of the monotonic clock that a node's process reads, and of its wall clock with it",
  power: "cut the power of a node's machine, which loses what was not synced",
  "disk-full": "leave no space on a node's disk",
  "disk-error": "make the syncs of a node's disk fail",
  "disk-slow": "make the syncs of a node's disk slow",
  "disk-flip": "flip bits in the files of a node",
  "disk-torn": "cut off the end of what a node wrote last",
} as const satisfies Record<string, string>;
export type Capability = keyof typeof capabilities;

/** Those for which each node gets a disk of its own before it starts. */
export const ownDiskCapabilities = ["power", "disk-full", "disk-error"] as const satisfies readonly Capability[];

/**
 * What can be wrong with a disk: no write finds room, syncs fail, syncs take long, bits are not as they were written, or the end
 * of the last write is missing.
 */
export const diskTroubles = ["full", "error", "slow", "flip", "torn"] as const;
export type DiskTrouble = (typeof diskTroubles)[number];

/** Those that change what is in files. They need a node that does not run: it would not read again what it has read. */
export const damages = ["flip", "torn"] as const satisfies readonly DiskTrouble[];
export type Damage = (typeof damages)[number];

export function isDamage(trouble: DiskTrouble): trouble is Damage {
  return (damages as readonly DiskTrouble[]).includes(trouble);
}

/** Which bytes a damage may hit; left out: any that were written. */
export interface DamageRange {
  /** A part of the file's path inside the data directory. */
  readonly file?: string | undefined;
  /** The first byte that may be hit. */
  readonly fromByte?: number | undefined;
  /** The first byte after them. */
  readonly untilByte?: number | undefined;
}

/** How much of each core a hog takes where nothing else is asked for. */
export const usualHogShare = 0.9;

/** How a clock differs from the true one from the moment at which it is set. Forward is positive. */
export type ClockCourse =
  | { readonly type: "jump"; readonly offsetMs: number }
  /** It runs so many times as fast. */
  | { readonly type: "drift"; readonly rate: number }
  /** It jumps ahead and back again, a step each `everyMs`. */
  | { readonly type: "strobe"; readonly offsetMs: number; readonly everyMs: number };

/**
 * The clocks of a process that faults can set: the wall clock alone, or the monotonic clock as well. The mechanism
 * (libfaketime) moves both together in a process that was started with `both`.
 */
export const settableClocks = ["wall", "both"] as const;
export type SettableClocks = (typeof settableClocks)[number];

/**
 * What can be done to one node until it heals; `kind` is the capability. A disk has one trouble at a time; damages need a
 * node that does not run, and stay when the node runs with them as they heal. Clocks can be set only in a
 * process that was started for it (`ProcessSpec.clocks`).
 */
export type NodeAction =
  | { readonly kind: "pause" }
  | { readonly kind: "power" }
  | { readonly kind: "hog"; readonly share?: number }
  | { readonly kind: "clock"; readonly course: ClockCourse }
  | { readonly kind: "clock-monotonic"; readonly rate: number }
  | { readonly kind: `disk-${Exclude<DiskTrouble, Damage>}` }
  | DamageAction;

/** `seed` decides which bytes are hit, of those that the range allows. */
export interface DamageAction extends DamageRange {
  readonly kind: `disk-${Damage}`;
  readonly seed: number;
}

/**
 * What can be wrong with a directed edge that still carries something; `kind` is the capability. A share is that of packets, or
 * of what stands for them on the backend: pieces of a byte stream, messages in virtual time.
 */
export type Impairment =
  | { readonly kind: "link-slow"; readonly delayMs: number; readonly jitterMs: number }
  | { readonly kind: "link-lossy"; readonly share: number }
  | { readonly kind: "link-duplicate"; readonly share: number }
  | { readonly kind: "link-reorder"; readonly share: number }
  | { readonly kind: "link-rate"; readonly bytesPerSecond: number }
  | { readonly kind: "link-reset"; readonly share: number };

/** What faults do to clocks. */
export type ClockAction = Extract<NodeAction, { readonly kind: "clock" | "clock-monotonic" }>;

/** What a node's own process reports of the time; its monotonic clock may count from anywhere. */
export interface NodeClock {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * The ports that every node of a system listens on, by the system's names for them, and who connects there. `peers`: the other
 * nodes, so that the backend can cut these links; clients may connect there as well.
 */
export type Ports<Name extends string = string> = Readonly<Record<Name, "peers" | "clients">>;

/** The ports to which other nodes connect. */
export function peerPorts<Name extends string>(ports: Ports<Name>): Name[] {
  return (Object.keys(ports) as Name[]).filter((name) => ports[name] === "peers");
}

/** Where a node listens, how it reaches its peers (through the fault proxy, on `local`), how the controller reaches it. */
export interface NodeAddresses<Port extends string = string> {
  readonly listen: Readonly<Record<Port, Endpoint>>;
  /** Each peer by its id, with its ports for peers. */
  readonly peers: Readonly<Record<string, Readonly<Partial<Record<Port, Endpoint>>>>>;
  readonly reach: Readonly<Record<Port, Endpoint>>;
}

/** A node as its system is told about it before it starts. */
export interface HostNode<Port extends string = string> {
  readonly id: string;
  readonly addresses: NodeAddresses<Port>;
  /** A directory of the node's own that survives its process, as the node itself sees it. */
  readonly dataDir: string;
  /**
   * The run's: its nodes and clients may prove by it that they belong together. Never to be put into arguments, or written
   * down where others can read it (`run-state.ts`).
   */
  readonly secret: string;
}

/** A process to run on a node: a bundled script of ours under Node, or a program of the node's own. */
export interface ProcessSpec {
  /** Its name among the processes of its node; left out where it is the only one, or the main one. */
  readonly name?: string;
  /** `node:NAME` runs `dist/bundles/NAME` under Node; anything else is a program found on the node's PATH. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Configuration files, written before it starts: text by path. A relative path lies in the node's data directory. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** Files of its own to collect beside its log, as the node sees them, by the ending that each gets: `NODE.ENDING`. */
  readonly files?: Readonly<Record<string, string>>;
  /** The clocks that faults may set while it runs; left out: none, and nothing is preloaded. */
  readonly clocks?: SettableClocks;
}

/** A program that runs to its end on a node's machine: to install something, to initialise a data directory. */
export interface Command extends Pick<ProcessSpec, "program" | "args"> {
  readonly env?: ProcessSpec["env"];
  /** After this it is ended. Default: a minute. */
  readonly timeoutMs?: number;
}

export const usualCommandMs = 60_000;

/** How it ended, with what it printed. */
export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** How a node's process ended that nobody had ended. */
export interface ProcessEnd extends Omit<ProcessEndRecord, "endedNs"> {
  readonly agoMs: number;
}

/**
 * Machines for one run. Every fault returns evidence, and is a lease: it is undone when the controller stops renewing it, so
 * that a killed controller leaves no partition behind.
 */
export interface Host<Port extends string = string> {
  readonly name: string;
  readonly nodes: readonly HostNode<Port>[];
  /** What the machines consist of, where they were made from an image. */
  readonly versions?: MachineVersions;
  /** Runs a program in the node's data directory. Rejects when it cannot be started, or does not end in time. */
  run(node: string, command: Command): Promise<CommandResult>;
  /** Starts a process of the node; its output goes to a log, `NODE.log` or `NODE.NAME.log`. Evidence: the pid. */
  start(node: string, spec: ProcessSpec): Promise<Evidence>;
  /** SIGKILL to all processes of the node, and waits until they are gone. */
  kill(node: string): Promise<Evidence>;
  /** Does something to the node, with evidence. Rejects an action that it cannot do. */
  inject(node: string, action: NodeAction): Promise<Injection>;
  /** Drops all that is sent along the edges, without resetting connections. */
  cut(edges: readonly Edge[]): Promise<Injection>;
  /** Impairs what is sent along the edges; probes over them are the evidence. Rejects an impairment that it cannot make. */
  impair(edges: readonly Edge[], impairment: Impairment): Promise<Injection>;
  /** Whether a process of the node exists (a paused one does). */
  alive(node: string): Promise<boolean>;
  /** Every process that ended by itself so far, in the order in which they did: none that was killed here. */
  ends(): Promise<readonly ProcessEnd[]>;
  /** Copies each node's logs into the folder, and whatever else its processes were to leave. */
  collectLogs(folder: string): Promise<void>;
  /** Ends every process and removes everything that the run made on the machine. Safe to call twice. */
  destroy(): Promise<void>;
}

import type { Edge, Evidence, ProcessEndRecord } from "../history/annotations.ts";

/** What faults may ask of a backend. The plan refuses early when a fault needs one that the backend lacks. */
export const capabilities = {
  kill: "end a node's process without warning, and start it again",
  pause: "stop a node's process from being scheduled, and let it go on",
  cut: "drop everything that one node sends to another, for any directed edge",
  disk: "make a node's disk full, slow, failing or damaged, and whole again",
} as const satisfies Record<string, string>;
export type Capability = keyof typeof capabilities;

/** What can be wrong with a disk: no write finds room, syncs fail, syncs take long, or bits are not as they were written. */
export const diskTroubles = ["full", "error", "slow", "flip"] as const;
export type DiskTrouble = (typeof diskTroubles)[number];

/** The disks of a host's nodes, one thing at a time being wrong with each. */
export interface Disks {
  /** From now on. Evidence: how often it was felt within a second; of `flip`, for which nothing may run, what was changed. */
  trouble(node: string, trouble: DiskTrouble): Promise<Evidence>;
  /** Makes it whole again; a flipped bit as its mirror has it, unless the node runs and has taken what it found for good. */
  mend(node: string): Promise<Evidence>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The ports that a system asks for, by name; `peer` is the one whose links the backend can cut. */
export type PortName = "peer" | "client" | "http";

/** Where a node listens, how it reaches its peers (through the fault proxy, on `local`), how the controller reaches it. */
export interface NodeAddresses {
  readonly listen: Readonly<Record<PortName, Endpoint>>;
  readonly peers: Readonly<Record<string, Endpoint>>;
  readonly reach: Readonly<Record<PortName, Endpoint>>;
}

/** A node as its system is told about it before it starts. */
export interface HostNode {
  readonly id: string;
  readonly addresses: NodeAddresses;
  /** A directory of the node's own that survives its process, as the node itself sees it. */
  readonly dataDir: string;
}

/** A process to run on a node: a bundled script of ours under Node, or a program of the node's own. */
export interface ProcessSpec {
  /** `node:NAME` runs `dist/bundles/NAME` under Node; anything else is a program found on the node's PATH. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files of its own to collect beside its log, as the node sees them, by the ending that each gets: `NODE.ENDING`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** How a node's process ended that nobody had ended. */
export interface ProcessEnd extends Omit<ProcessEndRecord, "endedNs"> {
  readonly agoMs: number;
}

/**
 * Machines for one run. Every deed that is a fault returns evidence, and is a lease: what it did undoes itself when
 * the controller stops renewing it, so that a killed controller leaves no partition behind.
 */
export interface Host {
  readonly name: string;
  readonly capabilities: ReadonlySet<Capability>;
  readonly nodes: readonly HostNode[];
  /** Starts the node's process; its output goes to the node's log. Evidence: the pid. */
  start(node: string, spec: ProcessSpec): Promise<Evidence>;
  /** SIGKILL, and waits until the process is gone. */
  kill(node: string): Promise<Evidence>;
  /** SIGSTOP; evidence is the process state T. */
  pause(node: string): Promise<Evidence>;
  /** SIGCONT; evidence is the process state, no longer T. */
  resume(node: string): Promise<Evidence>;
  /** Drops all that is sent along the edges, without resetting connections. Adds to what is cut already. */
  cut(edges: readonly Edge[]): Promise<readonly Evidence[]>;
  /** Lets everything through again, on every edge. */
  mend(): Promise<readonly Evidence[]>;
  /** Whether the node's process exists (a paused one does). */
  alive(node: string): Promise<boolean>;
  /** Every process that ended by itself so far, in the order in which they did: none that was killed here. */
  ends(): Promise<readonly ProcessEnd[]>;
  /** Where the capability `disk` is, and nowhere else. */
  readonly disks?: Disks;
  /** Copies each node's log into the folder, as `NODE.log`, and whatever else its process was to leave. */
  collectLogs(folder: string): Promise<void>;
  /** Ends every process and removes everything that the run made on the machine. Safe to call twice. */
  destroy(): Promise<void>;
}

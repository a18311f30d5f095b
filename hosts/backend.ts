import type { Capability, Host } from "./host.ts";

/** Where runs can be made. */
export type Backend = MachineBackend | SimulatedBackend;

interface BackendBasics {
  readonly name: string;
  readonly description: string;
  /** Throws a UsageError, in one sentence with the remedy, when runs cannot be made here at the moment. */
  ensureUsable(): Promise<void>;
  /** Ends and removes what runs left whose controller is gone. */
  clean(): Promise<Cleaned>;
  /** What works on this machine, and how to get the rest. */
  doctor(): Promise<readonly DoctorRow[]>;
}

/** What `clean` did, a line for each thing. */
export interface Cleaned {
  readonly removed: readonly string[];
  /** What it could not remove safely, with the reason. */
  readonly leftAlone: readonly string[];
}

export const nothingCleaned: Cleaned = { removed: [], leftAlone: [] };

/** A kind of machine. */
export interface MachineBackend extends BackendBasics {
  readonly kind: "machines";
  /** What faults may ask of its hosts. */
  readonly capabilities: ReadonlySet<Capability>;
  create(run: HostRun): Promise<Host>;
}

/** Virtual time: the hosts are the system's own, for it simulates itself. */
export interface SimulatedBackend extends BackendBasics {
  readonly kind: "simulated";
}

export interface HostRun {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … */
  readonly nodes: readonly string[];
  /** The run's folder, for what has to live in files while the run lasts. */
  readonly folder: string;
  /** Told of what goes wrong between calls, such as a lease that could not be renewed. */
  readonly onProblem: (problem: string) => void;
  /** Told what is done meanwhile, where making machines takes long. */
  readonly onStep: (step: string) => void;
}

export interface DoctorRow {
  readonly what: string;
  readonly works: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

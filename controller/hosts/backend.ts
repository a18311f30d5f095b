import type { Capability, Host } from "./host.ts";

/** A kind of machine that runs can be made on. */
export interface Backend {
  readonly name: string;
  readonly description: string;
  /** What faults may ask of its hosts. */
  readonly capabilities: ReadonlySet<Capability>;
  /** Throws a UsageError, in one sentence with the remedy, when runs cannot be made here at the moment. */
  ensureUsable(): Promise<void>;
  create(run: HostRun): Promise<Host>;
  /** Ends and removes what runs left whose controller is gone; a line for each thing removed. */
  clean(): Promise<string[]>;
  /** What works on this machine, and how to get the rest. */
  doctor(): Promise<readonly DoctorRow[]>;
}

export interface HostRun {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … */
  readonly nodes: readonly string[];
  /** The run's folder, for what has to live in files while the run lasts. */
  readonly folder: string;
  /** Told of what goes wrong between calls, such as a lease that could not be renewed. */
  readonly onProblem: (problem: string) => void;
}

export interface DoctorRow {
  readonly what: string;
  readonly works: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

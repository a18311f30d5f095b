import type { BackendOptions, GivenOptions } from "./backend-option.ts";
import type { Capability, Host, Ports } from "./host.ts";
import type { Injection } from "./injection.ts";
import type { RunState } from "./run-state.ts";

/** Where runs can be made. */
export type Backend = MachineBackend | SimulatedBackend;

interface BackendBasics {
  readonly name: string;
  readonly description: string;
  /** Which capabilities it provides, and how: the one source of help, plans and `keelhaul doctor`. */
  readonly offers: Offers;
  /** Why it has no offer for a capability, where there is more to say than that. */
  readonly lacks?: Readonly<Partial<Record<Capability, string>>>;
  /** Its own options, which no other backend takes. */
  readonly options: BackendOptions;
  /** What has to be there for it to work, in the order in which it is looked for. */
  readonly requirements: readonly Requirement[];
  /** Ends and removes what runs left whose controller is gone. */
  clean(): Promise<Cleaned>;
}

/** How a backend provides a capability. */
export interface Offer {
  /** What does it, such as "SIGSTOP and SIGCONT". */
  readonly means: string;
  /** What makes it work on a machine where it does not. */
  readonly remedy: string;
  /** Why it is known not to work here: `--nemesis all` then omits the faults that need it; null, or left out: nothing is known. */
  readonly missing?: () => string | null;
  /** Looks for what it needs of the machines, before a run makes anything; left out: nothing. */
  readonly check?: (options: GivenOptions) => Promise<Finding>;
  /** Variants that need it are injected only where they are named: it takes preparation, or is more than most stores bear. */
  readonly onlyByName?: true;
}

/** A capability without an offer is one that the backend has on no machine. */
export type Offers = Readonly<Partial<Record<Capability, Offer>>>;

/** Something that a backend needs of the machine it is used on. */
export interface Requirement {
  readonly name: string;
  /** `nodes`: how many a run has; left out where none is planned. */
  check(options: GivenOptions, nodes?: number): Promise<Finding>;
  /** Whether the first run makes it where it is missing, which takes too long for `keelhaul doctor`; left out: it does not. */
  madeByRuns?(options: GivenOptions): boolean;
  /** Whether those that follow are looked for where it is missing; left out: they are not, as they need it. */
  readonly standsAlone?: boolean;
}

/** Whether something works on this machine. */
export type Finding =
  | { readonly works: true; readonly detail: string }
  | { readonly works: false; readonly reason: string; readonly remedy: string };

/** What `clean` did, a line for each thing. */
export interface Cleaned {
  readonly removed: readonly string[];
  /** What it copied to where it outlives the removal. */
  readonly kept?: readonly string[];
  /** What it could not remove or keep safely, with the reason. */
  readonly leftAlone: readonly string[];
}

export const nothingCleaned: Cleaned = { removed: [], leftAlone: [] };

/** A kind of machine. */
export interface MachineBackend extends BackendBasics {
  readonly kind: "machines";
  create(run: HostRun): Promise<Host>;
  /** Takes over the machines of a run whose controller is gone; left out where they end with it. */
  attach?(run: RunState, onProblem: (problem: string) => void): Promise<Attached>;
}

/** The machines of a run that another controller began. */
export interface Attached {
  readonly host: Host;
  /** What that one injected and did not heal. It is undone already where its lease has run out, which healing it reports. */
  readonly left: readonly Injection[];
}

/** Virtual time: the hosts are the system's own, for it simulates itself. */
export interface SimulatedBackend extends BackendBasics {
  readonly kind: "simulated";
}

export interface HostRun {
  readonly runId: string;
  /** Node ids: `n1`, `n2`, … */
  readonly nodes: readonly string[];
  /** What its nodes listen on. */
  readonly ports: Ports;
  /** Those of the backend that were given. */
  readonly options: GivenOptions;
  /** Whether each node needs a disk of its own, as faults cut its power or fill it. */
  readonly ownDisks: boolean;
  /** The run's folder, for what has to live in files while the run lasts. */
  readonly folder: string;
  /** Told of what goes wrong between calls, such as a lease that could not be renewed. */
  readonly onProblem: (problem: string) => void;
  /** Told what is done meanwhile, where making machines takes long. */
  readonly onStep: (step: string) => void;
}

/** The files of a run folder, `store/NAME/TIME/`. */
export const runFiles = {
  test: "test.json",
  history: "history.jsonl",
  /** The history of a run that is over, compressed; replaces `history`. */
  compressedHistory: "history.jsonl.zst",
  /** What was done to the cluster, in a form that `--schedule` takes. */
  schedule: "schedule.json",
  results: "results.json",
  report: "report.html",
  markdown: "report.md",
  /** All of the others in one file, to be sent. */
  archive: "run.zip",
  logs: "logs",
} as const;

/** `test.json`: written before the first node starts, so that a run that was killed still says what it was. */
export interface TestRecord {
  readonly keelhaul: string;
  readonly name: string;
  /** ISO 8601, the controller's wall clock; for people only, never compared with history times. */
  readonly startedAt: string;
  /** The process that carries the run out, `PID:STARTTIME@MACHINE`. */
  readonly controller?: string;
  readonly seed: number;
  /** The command that runs the same test again. */
  readonly command: string;
  /** The same as options in camel case, except for the faults of a given schedule. Left out of older records. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly system: string;
  readonly readMode: string;
  /** What the store was wrong in, on purpose; left out when it was as it should be. */
  readonly mutant?: { readonly id: string; readonly name: string; readonly breaks: string };
  /** What the store does not promise with its settings. Left out of older records. */
  readonly weaknesses?: readonly Weakness[];
  /** Whether its settings were drawn so that rare paths are common, and its load came in bursts. */
  readonly hunt?: boolean;
  readonly knobs: Readonly<Record<string, unknown>>;
  /** What its simulated network, disks and clocks were told to be like; the rest was drawn from the seed. */
  readonly world?: Readonly<Record<string, unknown>>;
  readonly electionTimeoutMs: number;
  readonly backend: string;
  readonly nodes: readonly string[];
  readonly workloads: readonly string[];
  /** Operations of the workload that change nothing, by their names; `read`, when left out. */
  readonly reads?: readonly string[];
  /** The checkers that judge its history; all, when left out. */
  readonly checkers?: readonly string[];
  /** What availability has to reach; nothing, when left out. */
  readonly budgets?: {
    readonly minAnsweredShare?: number;
    readonly maxRecoveryMs?: number;
    readonly minChangesMadeShare?: number;
    readonly maxElectionsPerFault?: number;
  };
  /** What transactions must be, with commas between several models; strict-serializable, when left out. */
  readonly consistency?: string;
  readonly timeLimitMs: number;
  readonly rate: number;
  readonly concurrency: number;
  /** Fields of this record that differ from a plan without options; knobs as `knobs.NAME`. Left out of older records. */
  readonly changed?: readonly string[];
  /** What `--nemesis` said: faults with their variants, targets and times. Left out of older records. */
  readonly nemesis?: readonly string[];
  /** The faults of the plan, with the label and colour that shade the report's time lines. */
  readonly faults: readonly { readonly name: string; readonly label: string; readonly color: string }[];
  readonly versions: { readonly node: string; readonly platform: string } & Partial<MachineVersions>;
}

/** A promise that a store does not keep with a setting that it was given. */
export interface Weakness {
  /** As its user gives it: `--read-mode local`. */
  readonly setting: string;
  /** What the store then does: a clause that goes on after the setting's name. */
  readonly allows: string;
  /** What to set instead, and what that does: a clause. */
  readonly instead: string;
  /** It shows only beside one of these faults; left out: beside any, and beside none. */
  readonly beside?: readonly string[];
}

/** What the machines of a run consisted of, where they were made from an image. */
export interface MachineVersions {
  /** Such as `Docker Engine 26.1.5`. */
  readonly engine: string;
  readonly image: { readonly name: string; readonly id: string };
  /** Debian's packages in the image, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
}

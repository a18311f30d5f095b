import type { ViolationRecord } from "../history/annotations.ts";

/** Traces that the nodes of real runs write, by a clock that they share. */
export interface Traces {
  /** Whether the nodes write any with these knobs. */
  written(knobs: Record<string, unknown>): boolean;
  /** Holds what must always be so against the traces that are among the logs of a run. */
  check(logsFolder: string, nodes: readonly string[]): TraceCheck;
}

export interface TraceCheck {
  /** How much of the cluster's doing was looked at. */
  readonly steps: number;
  /** The first thing that must never be, with the time of the machine's clock. */
  readonly violation: (Omit<ViolationRecord, "timeNs"> & { readonly atNs: number }) | null;
  /** Why there was nothing to look at. */
  readonly problem?: string;
}

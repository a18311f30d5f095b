import type { Verdict } from "../../analysis/verdict.ts";
import type { FaultRecord, NodeRecord } from "../../history/annotations.ts";

/** What a run tells while it goes on; the terminal interface and the plain lines are two readers of it. */
export type Progress =
  | {
      readonly type: "run";
      readonly folder: string;
      readonly seed: number;
      readonly title: string;
      readonly timeLimitMs: number;
    }
  | { readonly type: "stage"; readonly stage: Stage }
  /** What is done within a stage that takes long. */
  | { readonly type: "step"; readonly step: string }
  | { readonly type: "node"; readonly record: NodeRecord }
  | { readonly type: "fault"; readonly name: string; readonly record: FaultRecord }
  | { readonly type: "operation"; readonly outcome: "ok" | "fail" | "info" }
  | { readonly type: "so-far"; readonly verdict: Verdict; readonly summary: string }
  | { readonly type: "warning"; readonly warning: string };

/** The stages of a run, in order, as people read them. */
export const stages = {
  hosts: "preparing machines",
  start: "starting nodes",
  ready: "waiting for the cluster",
  load: "load and faults",
  "final-reads": "final reads",
  stop: "stopping nodes",
  analyse: "analysing",
} as const satisfies Record<string, string>;
export type Stage = keyof typeof stages;

export type Tell = (progress: Progress) => void;

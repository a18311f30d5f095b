import type { Verdict } from "../../analysis/verdict.ts";
import type { Progress, Stage } from "../../controller/run/progress.ts";
import type { FaultRecord, NodeRecord } from "../../history/annotations.ts";

/** A run as the terminal shows it: what its progress told so far, folded up. */
export interface RunStatus {
  readonly title: string;
  readonly seed: number | null;
  readonly folder: string;
  readonly timeLimitMs: number;
  readonly stage: Stage;
  readonly stageSinceMs: number;
  readonly outcomes: { readonly ok: number; readonly fail: number; readonly info: number };
  /** When each operation of the last two seconds completed, for the rate. */
  readonly recentMs: readonly number[];
  readonly nodes: ReadonlyMap<string, NodeRecord>;
  readonly active: { readonly name: string; readonly record: FaultRecord; readonly sinceMs: number } | null;
  readonly faults: { readonly injected: number; readonly effective: number };
  readonly changes: { readonly tried: number; readonly made: number; readonly last: string };
  readonly soFar: { readonly verdict: Verdict; readonly summary: string } | null;
  readonly warnings: readonly string[];
}

export const initialStatus: RunStatus = {
  title: "",
  seed: null,
  folder: "",
  timeLimitMs: 0,
  stage: "hosts",
  stageSinceMs: 0,
  outcomes: { ok: 0, fail: 0, info: 0 },
  recentMs: [],
  nodes: new Map(),
  active: null,
  faults: { injected: 0, effective: 0 },
  changes: { tried: 0, made: 0, last: "" },
  soFar: null,
  warnings: [],
};

export const rateWindowMs = 2000;

/** The status after one more thing was told, at a time of the terminal's own clock. */
export function advance(status: RunStatus, progress: Progress, nowMs: number): RunStatus {
  switch (progress.type) {
    case "run": {
      const { title, seed, folder, timeLimitMs } = progress;
      return { ...status, title, seed, folder, timeLimitMs };
    }
    case "stage":
      return { ...status, stage: progress.stage, stageSinceMs: nowMs };
    case "node":
      return { ...status, nodes: new Map(status.nodes).set(progress.record.node, progress.record) };
    case "operation": {
      const outcomes = { ...status.outcomes, [progress.outcome]: status.outcomes[progress.outcome] + 1 };
      const recentMs = [...status.recentMs.filter((timeMs) => nowMs - timeMs < rateWindowMs), nowMs];
      return { ...status, outcomes, recentMs };
    }
    case "fault":
      return afterFault(status, progress, nowMs);
    case "so-far":
      return { ...status, soFar: { verdict: progress.verdict, summary: progress.summary } };
    case "warning":
      return { ...status, warnings: [...status.warnings, progress.warning] };
  }
}

function afterFault(
  status: RunStatus,
  { name, record }: Extract<Progress, { type: "fault" }>,
  nowMs: number,
): RunStatus {
  if (record.action === "change") {
    const { tried, made } = status.changes;
    const last = `${name}:${record.variant} ${record.nodes.join(", ")}${record.effective ? "" : ", NOT made"}`;
    return { ...status, changes: { tried: tried + 1, made: made + (record.effective ? 1 : 0), last } };
  }
  if (record.action === "heal") return record.effective ? { ...status, active: null } : status;
  const { injected, effective } = status.faults;
  return {
    ...status,
    active: { name, record, sinceMs: nowMs },
    faults: { injected: injected + 1, effective: effective + (record.effective ? 1 : 0) },
  };
}

/** Operations completed a second, over the last two seconds. */
export function operationsPerSecond(status: RunStatus, nowMs: number): number {
  const recent = status.recentMs.filter((timeMs) => nowMs - timeMs < rateWindowMs);
  return Math.round(recent.length / (rateWindowMs / 1000));
}

import type { Verdict } from "../../analysis/verdict.ts";
import type { Progress, Stage } from "../../controller/run/progress.ts";
import type { FaultRecord, NodeRecord } from "../../history/annotations.ts";
import { OperationRate } from "./operation-rate.ts";

const keptWarnings = 3;

/**
 * A run as the terminal shows it: the progress reported so far, folded up. It is as large after an hour as after a
 * second.
 */
export class RunStatus {
  title = "";
  seed: number | null = null;
  timeLimitMs = 0;
  stage: Stage = "hosts";
  stageSinceMs: number;
  /** What is done within the stage, where that takes long. */
  step: string | null = null;
  readonly outcomes = { ok: 0, fail: 0, info: 0 };
  readonly rate = new OperationRate();
  readonly nodes = new Map<string, NodeRecord>();
  active: { readonly name: string; readonly record: FaultRecord; readonly sinceMs: number } | null = null;
  readonly faults = { injected: 0, effective: 0 };
  readonly changes = { tried: 0, made: 0, last: "" };
  soFar: { readonly verdict: Verdict; readonly summary: string } | null = null;
  /** The latest. */
  readonly warnings: string[] = [];

  constructor(nowMs: number) {
    this.stageSinceMs = nowMs;
  }

  /** Takes in one more thing, at a time of the terminal's own clock. */
  hear(progress: Progress, nowMs: number): void {
    switch (progress.type) {
      case "run":
        this.title = progress.title;
        this.seed = progress.seed;
        this.timeLimitMs = progress.timeLimitMs;
        return;
      case "stage":
        this.stage = progress.stage;
        this.stageSinceMs = nowMs;
        this.step = null;
        return;
      case "step":
        this.step = progress.step;
        return;
      case "node":
        this.nodes.set(progress.record.node, progress.record);
        return;
      case "operation":
        this.outcomes[progress.outcome] += 1;
        this.rate.count(nowMs);
        return;
      case "fault":
        this.#hearFault(progress, nowMs);
        return;
      case "so-far":
        this.soFar = { verdict: progress.verdict, summary: progress.summary };
        return;
      case "warning":
        this.warnings.push(progress.warning);
        if (this.warnings.length > keptWarnings) this.warnings.shift();
    }
  }

  #hearFault({ name, record }: Extract<Progress, { type: "fault" }>, nowMs: number): void {
    const { action, effective, variant, nodes } = record;
    if (action === "change") {
      this.changes.tried += 1;
      this.changes.made += effective ? 1 : 0;
      this.changes.last = `${name}:${variant} ${nodes.join(", ")}${effective ? "" : ", NOT made"}`;
    } else if (action === "heal") {
      if (effective) this.active = null;
    } else {
      this.faults.injected += 1;
      this.faults.effective += effective ? 1 : 0;
      this.active = { name, record, sinceMs: nowMs };
    }
  }
}

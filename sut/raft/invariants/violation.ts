import type { StepRecord } from "../../../history/steps.ts";
import type { NodeId } from "../core/types.ts";
import type { Invariant } from "./invariant.ts";

/** What a violation tells, as data. */
export interface ViolationRecord {
  readonly invariant: string;
  readonly name: string;
  readonly statement: string;
  readonly nodes: readonly NodeId[];
  /** Counts what was observed, from 1. */
  readonly step: number;
  readonly detail: string;
  /** What led to it, oldest first. */
  readonly lastSteps: readonly StepRecord[];
  /** The last campaigns, elections, starts and crashes, of which most came before that. */
  readonly lastTurns: readonly StepRecord[];
}

/** The cluster was seen in a state that Raft rules out. The message is the whole story, for people. */
export class InvariantViolation extends Error implements ViolationRecord {
  readonly invariant: string;
  override readonly name: string;
  readonly statement: string;
  readonly nodes: readonly NodeId[];
  readonly step: number;
  readonly detail: string;
  readonly lastSteps: readonly StepRecord[];
  readonly lastTurns: readonly StepRecord[];

  constructor(
    { id, name, statement }: Pick<Invariant, "id" | "name" | "statement">,
    found: Pick<ViolationRecord, "nodes" | "step" | "detail" | "lastSteps" | "lastTurns">,
  ) {
    const { nodes, step, detail, lastSteps, lastTurns } = found;
    const story = lastSteps.map((each) => `  ${JSON.stringify(each)}`).join("\n");
    super(`${id} ${name}: ${statement}\n${nodes.join(", ")}: ${detail} (step ${step})\nWhat led to it:\n${story}`);
    this.invariant = id;
    this.name = name;
    this.statement = statement;
    this.nodes = nodes;
    this.step = step;
    this.detail = detail;
    this.lastSteps = lastSteps;
    this.lastTurns = lastTurns;
  }
}

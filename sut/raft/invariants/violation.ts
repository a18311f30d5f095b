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
  /** What led to it, oldest first, each as one line. */
  readonly lastEvents: readonly string[];
  /** The last campaigns, elections, starts and crashes, of which most came before that. */
  readonly lastTurns: readonly string[];
}

/** The cluster was seen in a state that Raft rules out. The message is the whole story, for people. */
export class InvariantViolation extends Error implements ViolationRecord {
  readonly invariant: string;
  override readonly name: string;
  readonly statement: string;
  readonly nodes: readonly NodeId[];
  readonly step: number;
  readonly detail: string;
  readonly lastEvents: readonly string[];
  readonly lastTurns: readonly string[];

  constructor(
    { id, name, statement }: Pick<Invariant, "id" | "name" | "statement">,
    found: Pick<ViolationRecord, "nodes" | "step" | "detail" | "lastEvents" | "lastTurns">,
  ) {
    const { nodes, step, detail, lastEvents, lastTurns } = found;
    const story = lastEvents.map((line) => `  ${line}`).join("\n");
    super(`${id} ${name}: ${statement}\n${nodes.join(", ")}: ${detail} (step ${step})\nWhat led to it:\n${story}`);
    this.invariant = id;
    this.name = name;
    this.statement = statement;
    this.nodes = nodes;
    this.step = step;
    this.detail = detail;
    this.lastEvents = lastEvents;
    this.lastTurns = lastTurns;
  }
}

import { Invariants } from "../invariants.ts";
import { InvariantViolation, type ViolationRecord } from "../violation.ts";
import { DamagedTrace, merged, type Trace } from "./merge.ts";
import type { TraceLine } from "./trace-line.ts";

/** What the traces of a run say. */
export interface TraceCheck {
  readonly steps: number;
  /** With the time of the machine's clock when it was seen. */
  readonly violation: SeenInTraces | null;
  /** Why they could not be checked to their end. */
  readonly problem?: string;
}

type SeenInTraces = Omit<ViolationRecord, "step" | "statement" | "lastTurns"> &
  Partial<Pick<ViolationRecord, "statement" | "lastTurns">> & { readonly atNs: number };

/** Holds the invariants against the traces of all nodes of a cluster, from its first start on. */
export function checkTraces(traces: readonly Trace[]): TraceCheck {
  const invariants = new Invariants();
  let atNs = 0;
  try {
    for (const line of merged(traces)) {
      atNs = line.t;
      if (line.type === "bug") return { steps: invariants.steps, violation: { ...assertion(line), atNs } };
      hear(invariants, line);
    }
  } catch (error) {
    if (error instanceof DamagedTrace) return { steps: 0, violation: null, problem: error.message };
    if (!(error instanceof InvariantViolation)) throw error;
    const { invariant, name, statement, nodes, detail, lastSteps, lastTurns } = error;
    const seen = { invariant, name, statement, nodes, detail, lastSteps, lastTurns, atNs };
    return { steps: invariants.steps, violation: seen };
  }
  return { steps: invariants.steps, violation: null };
}

function hear(invariants: Invariants, line: Exclude<TraceLine, { type: "bug" }>): void {
  if (line.type === "start") invariants.started(line.view, line.start);
  else if (line.type === "durable") invariants.durable(line.node, line.io);
  else invariants.stepped(line.view, line.event, line.effects);
}

/** What the core itself found, and stopped for. */
function assertion({ node, statement }: Extract<TraceLine, { type: "bug" }>) {
  return { invariant: "assertion", name: statement, nodes: [node], detail: "the node stopped", lastSteps: [] };
}

import type { Edge, Evidence } from "../../history/annotations.ts";
import { isOpen } from "./links/probe.ts";
import type { Drops, Probe, ProcessState } from "./protocol.ts";

/** A cut is proven by two facts together: a probe had no answer, and the drop counter moved. */
export function cutEvidence(edge: Edge, probe: Probe, drops: Drops, target: ProcessState | undefined): Evidence {
  const facts = [describeProbe(probe), `${drops.count} ${drops.unit}`];
  return {
    subject: edge.join("->"),
    observation: [...facts, ...describeTarget(edge[1], target)].join("; "),
    proves: probe.outcome === "unanswered" && drops.count > 0,
  };
}

/**
 * A mended edge is proven by a probe that reached the end. A refusal does too: it is the far end's own answer, and what
 * is missing is its process.
 */
export function mendEvidence(edge: Edge, probe: Probe, drops: Drops, target: ProcessState | undefined): Evidence {
  const facts = [describeProbe(probe), `${drops.count} ${drops.unit} before`];
  return {
    subject: edge.join("->"),
    observation: [...facts, ...describeTarget(edge[1], target)].join("; "),
    proves: isOpen(probe),
  };
}

function describeProbe({ outcome, afterMs, detail }: Probe): string {
  return `probe ${outcome} after ${afterMs} ms${detail && ` (${detail})`}`;
}

/** A dead or paused target explains a refusal, and a connection that the kernel took without it. */
function describeTarget(node: string, target: ProcessState | undefined): string[] {
  if (target === undefined || target.state === "running") return [];
  return [target.state === "paused" ? `${node}'s process is paused` : `${node} has no process`];
}

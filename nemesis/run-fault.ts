import type { Evidence, FaultRecord } from "../history/annotations.ts";
import { type Injection, injection } from "../hosts/injection.ts";
import type { Choice, FaultSite } from "./fault.ts";
import type { ScheduledChange, ScheduledFault } from "./schedule.ts";

/**
 * Injects a fault, and says what came of it. Never rejects: an injection that failed is a fault without effect, with nothing
 * to heal.
 */
export async function injectFault(
  due: ScheduledFault,
  choice: Choice,
  site: FaultSite,
  startedNs: number,
): Promise<{ readonly record: FaultRecord; readonly injected: Injection }> {
  let injected = injection([], async () => []);
  const record = await attempt({ id: due.id, action: "inject", startedNs, ...hit(due, choice) }, async () => {
    injected = await due.fault.inject(site, choice, due.variant);
    return injected.evidence;
  });
  return { record, injected };
}

/** Heals a fault and says what came of it. Never rejects. */
export async function healFault(
  due: ScheduledFault,
  choice: Choice,
  injected: Injection,
  startedNs: number,
): Promise<FaultRecord> {
  return attempt({ id: due.id, action: "heal", startedNs, ...hit(due, choice) }, () => injected.heal());
}

/** Makes a change and says what came of it. Never rejects: one that was refused, or came too late, was not made. */
export async function makeChange(
  due: ScheduledChange,
  choice: Choice,
  site: FaultSite,
  startedNs: number,
): Promise<FaultRecord> {
  const { nodes } = choice;
  return attempt({ id: due.id, action: "change", startedNs, variant: due.variant.name, nodes }, () =>
    due.fault.make(site, choice),
  );
}

/** The variant and its targets, as the history has them. */
function hit({ variant }: ScheduledFault, { nodes, cut }: Choice): Pick<FaultRecord, "variant" | "nodes" | "cut"> {
  return { variant: variant.name, nodes, ...(cut === undefined ? {} : { cut }) };
}

async function attempt(
  common: Omit<FaultRecord, "evidence" | "effective" | "problem">,
  deed: () => Promise<readonly Evidence[]>,
): Promise<FaultRecord> {
  try {
    const evidence = await deed();
    return { ...common, evidence, effective: isEffective(common.action, evidence) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...common, evidence: [], effective: false, problem };
  }
}

/** An injection without evidence is not effective; a healing that found nothing left to undo is. */
function isEffective(action: FaultRecord["action"], evidence: readonly Evidence[]): boolean {
  return (action === "heal" || evidence.length > 0) && evidence.every(({ proves }) => proves);
}

import type { Evidence, FaultRecord } from "../history/annotations.ts";
import type { Choice, FaultSite } from "./fault.ts";
import type { ScheduledFault } from "./schedule.ts";

/** Injects a fault and says what came of it. Never rejects: an injection that failed is a fault without effect. */
export async function injectFault(due: ScheduledFault, choice: Choice, site: FaultSite): Promise<FaultRecord> {
  return attempt(due, choice, "inject", () => due.fault.inject(site, choice));
}

/** Heals a fault and says what came of it. Never rejects. */
export async function healFault(due: ScheduledFault, choice: Choice, site: FaultSite): Promise<FaultRecord> {
  return attempt(due, choice, "heal", () => due.fault.heal(site, choice));
}

async function attempt(
  due: ScheduledFault,
  choice: Choice,
  action: FaultRecord["action"],
  deed: () => Promise<readonly Evidence[]>,
): Promise<FaultRecord> {
  const common = { id: due.id, action, variant: due.variant.name, ...choice };
  try {
    const evidence = await deed();
    return { ...common, evidence, effective: isEffective(action, evidence) };
  } catch (error) {
    return {
      ...common,
      evidence: [],
      effective: false,
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

/** An injection without evidence is not effective; a healing that found nothing left to undo is. */
function isEffective(action: FaultRecord["action"], evidence: readonly Evidence[]): boolean {
  return (action === "heal" || evidence.length > 0) && evidence.every(({ proves }) => proves);
}

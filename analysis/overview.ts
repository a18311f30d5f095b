import type { HistoryEvent } from "../history/event.ts";
import type { Cause } from "./checker.ts";
import { type ChangeTally, tallyChanges } from "./checkers/changes.ts";
import { countOutcomes } from "./checkers/statistics.ts";
import { faultEvents } from "./fault-events.ts";
import type { OperationTable } from "./operations/operation-table.ts";
import type { OutcomeCounts } from "./results.ts";
import { incompleteness } from "./run/completion.ts";
import { finalReadsOf, unreadAtTheEnd } from "./run/final-reads.ts";
import { brokenClients } from "./run/harness.ts";
import { fieldOf, minEffectiveShare, plansFaults } from "./run/phases.ts";
import { stallWarnings, starvation } from "./run/stalls.ts";
import { percent } from "./words.ts";

/** What a history says about the run itself, whatever its checkers say. */
export interface Overview {
  readonly operations: OutcomeCounts;
  readonly injected: number;
  /** Faults of which no evidence, or not all, shows that they took hold: "partition 3 (halves)". */
  readonly ineffective: readonly string[];
  /** Changes to the cluster, by the fault's name, in order of first use. */
  readonly changes: readonly ChangeTally[];
  readonly warnings: readonly string[];
  /** Why the run shows too little to be valid, whatever was checked: the most telling reason first. */
  readonly inconclusive: readonly Cause[];
}

export const emptyOverview: Overview = {
  operations: { ok: 0, fail: 0, info: 0 },
  injected: 0,
  ineffective: [],
  changes: [],
  warnings: [],
  inconclusive: [],
};

export function overviewOf(table: OperationTable): Overview {
  const { annotations, lastTime } = table;
  const injections = faultEvents(annotations).filter(({ record }) => record.action === "inject");
  const ineffective = injections
    .filter(({ record }) => !(record.effective && record.evidence.some(({ proves }) => proves)))
    .map(({ event, record }) => `${event.f} ${record.id} (${record.problem ?? record.variant})`);
  const changes = tallyChanges(annotations);
  const finalReads = finalReadsOf(table);
  const minimum = { planned: plansFaults(annotations), minShare: minEffectiveShare(annotations) };
  const faults = { ...minimum, injected: injections.length, ineffective, changes };
  const incomplete = incompleteness(annotations, lastTime);
  const causes = [
    // What a run did not get to is part of that.
    ...(incomplete === null ? [finalReads && unreadAtTheEnd(finalReads), tooFewFaults(faults)] : [incomplete]),
    starvation(table),
    brokenClients(table),
  ];
  return {
    operations: countOutcomes(table, () => true),
    ...{ injected: injections.length, ineffective, changes },
    warnings: [
      ...annotations.flatMap(controllerWarning),
      ...stallWarnings(annotations),
      ...(finalReads?.unansweredKeys ?? []).map((key) => `no final read${key && ` of ${key}`} was answered`),
    ],
    inconclusive: causes.filter((cause) => cause !== null),
  };
}

interface FaultTally {
  readonly planned: boolean;
  readonly minShare: number;
  readonly injected: number;
  readonly ineffective: readonly string[];
  readonly changes: readonly ChangeTally[];
}

/** A run that was to be broken, and was not or hardly, has not shown that the store survives anything. */
function tooFewFaults({ planned, minShare, injected, ineffective, changes }: FaultTally): Cause | null {
  const tried = changes.reduce((sum, change) => sum + change.tried, 0);
  const effective = injected - ineffective.length;
  const took = effective + changes.reduce((sum, change) => sum + change.made, 0);
  const remedy = "give the run more time, and check the evidence of its faults in the report";
  if (took > 0 && effective < minShare * injected) {
    const reached = `only ${effective} of ${injected} faults were proven to take effect; ${percent(minShare)} are required`;
    return { code: "too-few-effective-faults", reached, remedy: `${remedy}, or accept less (--min-effective)` };
  }
  if (took > 0) return null;
  if (injected + tried > 0) {
    const what = injected > 0 ? `${injected} fault${injected === 1 ? "" : "s"}` : `${tried} changes`;
    const reached = `none of the ${what} was proven to take effect, so the run shows nothing about faults`;
    return { code: "no-effective-fault", reached, remedy };
  }
  return planned ? { code: "no-fault-injected", reached: "none of the planned faults was injected", remedy } : null;
}

function controllerWarning(event: HistoryEvent): string[] {
  if (event.process !== "controller" || event.f !== "warning") return [];
  const warning = fieldOf(event, "warning");
  return typeof warning === "string" ? [warning] : [];
}

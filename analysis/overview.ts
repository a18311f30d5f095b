import type { PhaseRecord, WarningRecord } from "../history/annotations.ts";
import type { HistoryEvent } from "../history/event.ts";
import { type ChangeTally, tallyChanges } from "./checkers/changes.ts";
import { countOutcomes } from "./checkers/statistics.ts";
import { faultEvents } from "./fault-events.ts";
import { type HarnessFault, harnessFault } from "./harness.ts";
import type { OperationTable } from "./operations/operation-table.ts";
import type { OutcomeCounts } from "./results.ts";

/** What a history says about the run itself, whatever its checkers say. */
export interface Overview {
  readonly operations: OutcomeCounts;
  readonly injected: number;
  /** Faults of which no evidence, or not all, shows that they took hold: "partition 3 (halves)". */
  readonly ineffective: readonly string[];
  /** Changes to the cluster, by the fault's name, in order of first use. */
  readonly changes: readonly ChangeTally[];
  readonly warnings: readonly string[];
  /** What went wrong in the harness, if it spoils a verdict. */
  readonly harness: HarnessFault | null;
}

export const emptyOverview: Overview = {
  operations: { ok: 0, fail: 0, info: 0 },
  injected: 0,
  ineffective: [],
  changes: [],
  warnings: [],
  harness: null,
};

export function overviewOf(table: OperationTable): Overview {
  const injections = faultEvents(table.annotations).filter(({ record }) => record.action === "inject");
  return {
    operations: countOutcomes(table, () => true),
    injected: injections.length,
    ineffective: injections
      .filter(({ record }) => !(record.effective && record.evidence.some(({ proves }) => proves)))
      .map(({ event, record }) => `${event.f} ${record.id} (${record.problem ?? record.variant})`),
    changes: tallyChanges(table.annotations),
    warnings: table.annotations.flatMap(controllerWarning),
    harness: harnessFault(table),
  };
}

function controllerWarning(event: HistoryEvent): string[] {
  if (event.process !== "controller") return [];
  const { phase, warning } = (event.value ?? {}) as Partial<PhaseRecord & WarningRecord>;
  if (warning !== undefined) return [warning];
  return phase === "interrupted" ? ["the run was interrupted before its end"] : [];
}

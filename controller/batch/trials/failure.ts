import type { InvariantsResult } from "../../../analysis/checkers/invariants.ts";
import type { OperationView, Results } from "../../../analysis/results.ts";
import type { PhaseRecord } from "../../../history/annotations.ts";
import type { HistoryEvent } from "../../../history/event.ts";
import { nsPerMs } from "../../../time/clock.ts";

/** The kind of failure that results tell of: the invariant that was broken, or else the first checker that condemns; or null. */
export function failureOf({ checkers }: Results): string | null {
  return brokenInvariant({ checkers })?.invariant ?? condemning({ checkers })?.[0] ?? null;
}

/** When what failed was over, from the start of the load: the first violation of those that are told. Null where none is. */
export function failedAtMs(results: Results, events: readonly HistoryEvent[]): number | null {
  const atNs = brokenInvariant(results)?.timeNs ?? firstViolationNs(condemning(results)?.[1]);
  const load = events.find(({ f, value }) => f === "phase" && (value as PhaseRecord).phase === "load");
  return atNs === null || load === undefined ? null : (atNs - load.time) / nsPerMs;
}

type Checkers = Pick<Results, "checkers">;

function brokenInvariant({ checkers }: Checkers) {
  return (checkers["invariants"] as InvariantsResult | undefined)?.violation;
}

function condemning({ checkers }: Checkers) {
  return Object.entries(checkers).find(([, { verdict }]) => verdict === "invalid");
}

function firstViolationNs(result: object | undefined): number | null {
  const { violations = [] } = (result ?? {}) as { readonly violations?: readonly Told[] };
  const ends = violations.map(({ operations }) =>
    Math.max(...operations.map(({ invokedAtNs, completedAtNs = invokedAtNs }) => completedAtNs)),
  );
  return ends.length === 0 ? null : Math.min(...ends);
}

interface Told {
  readonly operations: readonly OperationView[];
}

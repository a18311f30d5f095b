import type { Verdict } from "../../analysis/verdict.ts";
import type { Anomaly, SystemMutant } from "../../sut/system.ts";
import type { Sighting } from "./search.ts";

/** How one mutant was noticed, or that it was not; and how the correct store did under the same conditions. */
export interface MatrixLine extends Pick<SystemMutant, "id" | "name" | "breaks" | "anomalies" | "expected"> {
  /** Why clients are not expected to notice it. */
  readonly missed: string | null;
  /** By the invariants, or by an assertion of a node; null where nobody can look. */
  readonly byInvariants: Sighting | null;
  /** By what clients saw, with nobody looking into the store. */
  readonly byClients: Sighting;
  readonly control: Sighting;
  /** Whether it had all of its runs; otherwise it was interrupted. */
  readonly complete: boolean;
}

/** What noticed it; `open` where that was interrupted. */
export function caughtBy({ byInvariants, byClients, complete }: Catches) {
  const inside = byInvariants?.found != null;
  const outside = byClients.found !== null;
  if (inside && outside) return "both";
  if (inside || outside) return inside ? "invariant" : "clients";
  return complete ? "no" : "open";
}

type Catches = Pick<MatrixLine, "byInvariants" | "byClients" | "complete">;
export type CaughtBy = ReturnType<typeof caughtBy>;

export function isCaught(line: Catches): boolean {
  return line.byInvariants?.found != null || line.byClients.found !== null;
}

/** Valid when each mutant was noticed, and no correct store was accused; unknown when some had not all of their runs. */
export function verdictOn(lines: readonly MatrixLine[]): Verdict {
  if (lines.some((line) => caughtBy(line) === "no" || line.control.found !== null)) return "invalid";
  return lines.every(({ complete }) => complete) ? "valid" : "unknown";
}

/** What clients see, sooner or later; other anomalies are between the nodes, or cost time and memory alone. */
export const clientsSee: readonly Anomaly[] = ["stale-read", "lost-write", "split-brain", "dirty-read", "double-apply"];

/** Of the mutants that do what clients see sooner or later: how many clients did notice, and which they did not. */
export function clientsShare(lines: readonly MatrixLine[]): ClientsShare {
  const visible = lines.filter(({ anomalies }) => anomalies.some((anomaly) => clientsSee.includes(anomaly)));
  const missed = visible.filter(({ byClients }) => byClients.found === null).map(({ id }) => id);
  return { of: visible.length, caught: visible.length - missed.length, missed };
}

export interface ClientsShare {
  readonly of: number;
  readonly caught: number;
  readonly missed: readonly string[];
}

import { crashesChecker } from "../../../analysis/checkers/crashes.ts";
import { leadersChecker } from "../../../analysis/checkers/leaders.ts";
import type { Verdict } from "../../../analysis/verdict.ts";
import type { Anomaly, SystemMutant } from "../../../sut/mutant.ts";
import type { Sighting } from "./search.ts";

/** How one mutant was noticed, or that it was not; and how the correct store did under the same conditions. */
export interface MatrixLine extends Pick<SystemMutant, "id" | "name" | "breaks" | "anomalies" | "expected"> {
  /** Why it is not expected to show from outside. */
  readonly missed: string | null;
  /** By the invariants, or by an assertion of a node; null where nobody can look. */
  readonly byInvariants: Sighting | null;
  /** By what clients saw, and by what anybody sees of nodes: that one has ended, or says that it leads. */
  readonly fromOutside: Sighting;
  readonly control: Sighting;
  /** Whether it had all of its runs; otherwise it was interrupted. */
  readonly complete: boolean;
}

/** What noticed it; `open` where that was interrupted. */
export function caughtBy({ byInvariants, fromOutside, complete }: Catches) {
  const inside = byInvariants?.found != null;
  const outside = fromOutside.found !== null;
  if (inside && outside) return "both";
  if (inside || outside) return inside ? "invariant" : "outside";
  return complete ? "no" : "open";
}

type Catches = Pick<MatrixLine, "byInvariants" | "fromOutside" | "complete">;
export type CaughtBy = ReturnType<typeof caughtBy>;

export function isCaught(line: Catches): boolean {
  return line.byInvariants?.found != null || line.fromOutside.found !== null;
}

/** Valid when each mutant was noticed, and no correct store was accused; unknown when some had not all of their runs. */
export function verdictOn(lines: readonly MatrixLine[]): Verdict {
  if (lines.some((line) => caughtBy(line) === "no" || line.control.found !== null)) return "invalid";
  return lines.every(({ complete }) => complete) ? "valid" : "unknown";
}

/** What shows from outside, sooner or later; other anomalies are between the nodes, or cost time and memory alone. */
const showsOutside: readonly Anomaly[] = ["stale-read", "lost-write", "split-brain", "dirty-read", "double-apply"];

/** Of the mutants that do what shows from outside sooner or later: how many were noticed there, and which were not. */
export function outsideShare(lines: readonly MatrixLine[]): OutsideShare {
  const visible = lines.filter(({ anomalies }) => anomalies.some((anomaly) => showsOutside.includes(anomaly)));
  const caught = visible.filter(({ fromOutside }) => fromOutside.found !== null);
  const missed = visible.filter((line) => !caught.includes(line)).map(({ id }) => id);
  const byClients = caught.filter(({ fromOutside }) => !ofNodes.includes(fromOutside.found?.failure ?? ""));
  return { of: visible.length, caught: caught.length, byClients: byClients.length, missed };
}

export interface OutsideShare {
  readonly of: number;
  readonly caught: number;
  /** How many of the caught by operations of clients; the others by what nodes did. */
  readonly byClients: number;
  readonly missed: readonly string[];
}

/** Checkers that judge what is seen of nodes, and no operation of a client. */
const ofNodes: readonly string[] = [crashesChecker.name, leadersChecker.name];

import type { Timeline } from "../../../analysis/operations/timeline.ts";
import type { AvailabilityResult, Results, StatisticsResult } from "../../../analysis/results.ts";
import type { PhaseRecord, WarningRecord } from "../../../history/annotations.ts";
import { errorCodes, type HistoryEvent } from "../../../history/event.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import { digestChecker } from "./anomalies.ts";
import { FaultCollector } from "./faults.ts";
import { digestInside } from "./inside.ts";
import { digestLatency } from "./latency.ts";
import { countOutcomes } from "./operations.ts";
import { RoleCollector, thinLanes } from "./roles.ts";
import { digestThroughput } from "./throughput.ts";
import type { ErrorLine, RunDigest } from "./types.ts";
import { groupViolations } from "./violation-groups.ts";
import { countViolations, digestViolations } from "./violations.ts";
import { groupWarnings } from "./warning-groups.ts";
import { withoutFolders } from "./without-folders.ts";

/** Role segments of all nodes: about one a pixel. */
const mostSegments = 6000;

/** What a report of a run is made from. An imported history has no test; a run that was killed has no results. */
export interface RunMaterial {
  readonly test: TestRecord | null;
  readonly results: Results | null;
  readonly timeline: Timeline;
}

/** Boils a run down to what its page shows. */
export function digestRun({ test, results, timeline }: RunMaterial): RunDigest {
  requireContent(timeline, test ?? results);
  const { annotations, damage, endNs } = timeline;
  const { roles, faults, phases, warnings } = collect(annotations);
  const statistics = pick<StatisticsResult>(results, "statistics");
  const availability = pick<AvailabilityResult>(results, "availability");
  const lanes = roles.lanes(endNs);
  const injected = faults.faults(test, availability);
  const [changes, lasting] = [injected.filter(({ change }) => change), injected.filter(({ change }) => !change)];
  const course = { faults: injected, lanes, endNs };
  const violations = digestViolations(results, course, test);
  return {
    test,
    analysed: results !== null,
    verdict: results?.verdict ?? "unknown",
    summary: results?.summary ?? "This history has not been checked yet; run keelhaul analyze.",
    essentials: {
      operations: results?.operations ?? countOutcomes(timeline),
      faults: results?.faults ?? {
        injected: lasting.length,
        effective: lasting.filter((fault) => fault.effective).length,
      },
      changes: { tried: changes.length, made: changes.filter(({ effective }) => effective).length },
      elections: availability?.elections ?? roles.elections(),
      durationNs: endNs,
    },
    warnings: groupWarnings([
      ...new Set([...(results?.warnings ?? warnings), ...damageWarnings(damage)].map(withoutFolders)),
    ]),
    violations,
    groups: groupViolations(violations, results),
    violationCount: countViolations(results),
    inside: digestInside(results, course, test),
    checkers: Object.entries(results?.checkers ?? {}).map(([name, result]) => digestChecker(name, result)),
    throughput: digestThroughput(timeline, endNs),
    latency: digestLatency(timeline, endNs),
    faults: injected,
    changes: results?.changes ?? [],
    availability: availability && {
      outsideFaults: availability.outsideFaults,
      duringFaults: availability.duringFaults,
    },
    nodes: thinLanes(lanes, endNs, mostSegments),
    phases,
    statistics,
    errors: explainErrors(statistics?.byError ?? timeline.errors),
  };
}

/** A file without any event is no history, unless there is something beside it: a plan or results. */
function requireContent({ damage, invokedNs, annotations }: Timeline, beside: object | null): void {
  if (damage !== null && beside === null && invokedNs.length + annotations.length === 0) throw damage;
}

function collect(annotations: readonly HistoryEvent[]) {
  const roles = new RoleCollector();
  const faults = new FaultCollector();
  const phases: { phase: PhaseRecord["phase"]; atNs: number }[] = [];
  const warnings: string[] = [];
  for (const event of annotations) {
    roles.add(event);
    faults.add(event);
    if (event.process === "controller" && event.f === "phase") {
      phases.push({ phase: (event.value as PhaseRecord).phase, atNs: event.time });
    }
    if (event.process === "controller" && event.f === "warning") warnings.push((event.value as WarningRecord).warning);
  }
  return { roles, faults, phases, warnings };
}

function damageWarnings(damage: Error | null): string[] {
  return damage === null ? [] : [`${damage.message}; this page shows what comes before`];
}

/** A checker's own result by its name; absent when the checker did not run, or failed before it had any figures. */
function pick<Result>(results: Results | null, name: "statistics" | "availability"): Result | null {
  const essential = { statistics: "byFunction", availability: "windows" }[name];
  const result = results?.checkers[name];
  return result && essential in result ? (result as unknown as Result) : null;
}

function explainErrors(counts: Readonly<Record<string, number>>): ErrorLine[] {
  const known: Readonly<Record<string, { certain: boolean; meaning: string }>> = errorCodes;
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => ({
      code,
      count,
      meaning: known[code]?.meaning ?? null,
      certain: known[code]?.certain ?? null,
    }));
}

import type { HistoryEvent } from "../../history/event.ts";
import { type FaultEvent, faultEvents, healingOf } from "../fault-events.ts";

/** Changes of one kind that a run tried to make to the cluster. */
export interface ChangeTally {
  readonly fault: string;
  readonly tried: number;
  readonly made: number;
  /** Of these, on a healthy cluster: nothing was broken at the time, nor just before. */
  readonly triedHealthy: number;
  readonly madeHealthy: number;
  /** What a healthy cluster did not do, and what it said: "transfer 17 to n2 (timed out)". */
  readonly failedHealthy: readonly string[];
}

/** How long after its healing a fault still counts: the default time in which a lost leader is noticed, twice. */
const settleNs = 2e9;

/** Changes by the fault's name, in order of first use, with how they went where nothing stood in their way. */
export function tallyChanges(annotations: readonly HistoryEvent[]): ChangeTally[] {
  const events = faultEvents(annotations);
  const broken = brokenSpans(events);
  const isHealthy = (fromNs: number, toNs: number): boolean =>
    !broken.some((span) => span.fromNs <= toNs && fromNs <= span.toNs + settleNs);
  const changes = events
    .filter(({ record }) => record.action === "change")
    .map(({ event, record }) => ({ fault: event.f, record, healthy: isHealthy(record.startedNs, event.time) }));
  return [...Map.groupBy(changes, ({ fault }) => fault)].map(([fault, tried]) => {
    const healthy = tried.filter((change) => change.healthy);
    const failed = healthy.filter(({ record }) => !record.effective);
    return {
      fault,
      tried: tried.length,
      made: tried.filter(({ record }) => record.effective).length,
      triedHealthy: healthy.length,
      madeHealthy: healthy.length - failed.length,
      failedHealthy: failed.map(({ record }) => {
        const answer = record.problem ?? record.evidence.map(({ observation }) => observation).join("; ");
        return `${fault} ${record.id} (${record.variant} ${record.nodes.join(", ")}: ${answer})`;
      }),
    };
  });
}

/** From the beginning of each injection to the end of its last healing; without one it never ends. */
function brokenSpans(events: readonly FaultEvent[]): { fromNs: number; toNs: number }[] {
  return events
    .filter(({ record }) => record.action === "inject")
    .map(({ record }) => ({
      fromNs: record.startedNs,
      toNs: healingOf(events, record.id)?.event.time ?? Number.POSITIVE_INFINITY,
    }));
}

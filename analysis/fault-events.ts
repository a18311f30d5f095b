import { type FaultRecord, isFaultRecord } from "../history/annotations.ts";
import type { HistoryEvent } from "../history/event.ts";

export interface FaultEvent {
  readonly event: HistoryEvent;
  readonly record: FaultRecord;
}

/** The nemesis' records of injecting, healing and changing, in file order. */
export function faultEvents(annotations: readonly HistoryEvent[]): FaultEvent[] {
  return annotations
    .filter((event) => event.process === "nemesis")
    .flatMap((event) => (isFaultRecord(event.value) ? [{ event, record: event.value }] : []));
}

/** The healing of a fault. One that could not be shown to be complete is tried again; the last one counts. */
export function healingOf(events: readonly FaultEvent[], id: number): FaultEvent | undefined {
  return events.findLast(({ record }) => record.action === "heal" && record.id === id);
}

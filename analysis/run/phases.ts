import { z } from "zod";
import type { PhaseRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { defaultMinimums } from "./minimums.ts";

export type PhaseName = PhaseRecord["phase"];

/** A phase of a run, with the event that began it. */
export interface PhaseEvent {
  readonly event: HistoryEvent;
  readonly phase: PhaseName;
}

/** The phases that the controller recorded, in order. A history from elsewhere has none. */
export function phasesOf(annotations: readonly HistoryEvent[]): readonly PhaseEvent[] {
  return annotations.flatMap((event) => {
    if (event.process !== "controller" || event.f !== "phase") return [];
    const phase = fieldOf(event, "phase");
    return typeof phase === "string" ? [{ event, phase: phase as PhaseName }] : [];
  });
}

export function findPhase(phases: readonly PhaseEvent[], name: PhaseName): PhaseEvent | undefined {
  return phases.find(({ phase }) => phase === name);
}

/** What the load was planned to be, and when it began; null where the history does not say. */
export function plannedLoad(annotations: readonly HistoryEvent[]): PlannedLoad | null {
  const load = findPhase(phasesOf(annotations), "load");
  if (load === undefined) return null;
  const plan = loadPlan.safeParse(load.event.value);
  return plan.success ? { ...plan.data, startNs: load.event.time } : null;
}

const loadPlan = z.object({
  timeLimitMs: z.number(),
  rate: z.number(),
  concurrency: z.number(),
  minLoadShare: z.number(),
  minAnsweredShare: z.number().default(defaultMinimums.answeredShare),
});

export interface PlannedLoad extends z.output<typeof loadPlan> {
  readonly startNs: number;
}

/** The share of the injected faults that has to take effect. */
export function minEffectiveShare(annotations: readonly HistoryEvent[]): number {
  const load = findPhase(phasesOf(annotations), "load");
  const given = load === undefined ? undefined : fieldOf(load.event, "minEffectiveShare");
  return typeof given === "number" ? given : defaultMinimums.effectiveShare;
}

/** Whether the run was to inject faults; false where the history does not say. */
export function plansFaults(annotations: readonly HistoryEvent[]): boolean {
  const load = findPhase(phasesOf(annotations), "load");
  return load !== undefined && fieldOf(load.event, "withFaults") === true;
}

/** A field of what an event tells, whatever was stored there. */
export function fieldOf({ value }: HistoryEvent, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

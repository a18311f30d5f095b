import type { AvailabilityResult } from "../../../analysis/results.ts";
import { type FaultRecord, isFaultRecord } from "../../../history/annotations.ts";
import type { HistoryEvent } from "../../../history/event.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import type { FaultDigest } from "./types.ts";
import { withoutFolders } from "./without-folders.ts";

/** Shades for faults that no plan gives a colour; distinguishable with any kind of colour vision. */
const spareColors = ["#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#F0E442", "#0072B2", "#D55E00"];

interface Injection {
  readonly fault: string;
  readonly atNs: number;
  readonly record: FaultRecord;
  heal?: { readonly atNs: number; readonly record: FaultRecord };
}

/** Joins the nemesis's records of injection and healing. */
export class FaultCollector {
  readonly #injections = new Map<number, Injection>();

  add(event: HistoryEvent): void {
    if (event.process !== "nemesis" || !isFaultRecord(event.value)) return;
    const record = event.value;
    const injection = this.#injections.get(record.id);
    if (record.action !== "heal") {
      if (!injection) this.#injections.set(record.id, { fault: event.f, atNs: event.time, record });
    } else if (injection) injection.heal = { atNs: event.time, record };
  }

  faults(test: TestRecord | null, availability: AvailabilityResult | null): FaultDigest[] {
    const style = faultStyles(test, [...this.#injections.values()]);
    return [...this.#injections.values()].map(({ fault, atNs, record, heal }) => ({
      id: record.id,
      fault,
      variant: record.variant,
      ...style(fault),
      nodes: record.nodes,
      cut: record.cut ?? [],
      fromNs: record.startedNs ?? atNs,
      toNs: record.action === "change" ? atNs : (heal?.atNs ?? null),
      effective: record.effective,
      change: record.action === "change",
      healed: heal?.record.effective ?? null,
      evidence: record.evidence,
      healEvidence: heal?.record.evidence ?? [],
      problems: [record.problem, heal?.record.problem].filter((problem) => problem !== undefined).map(withoutFolders),
      window: availability?.windows.find((window) => window.id === record.id) ?? null,
    }));
  }
}

/** Ids of the faults that were active at some time between two. */
export function activeFaultIds(faults: readonly FaultDigest[], fromNs: number, toNs: number): number[] {
  return faults.filter((fault) => fault.fromNs < toNs && (fault.toNs ?? Infinity) > fromNs).map((fault) => fault.id);
}

function faultStyles(test: TestRecord | null, injections: readonly Injection[]) {
  const names = [...new Set(injections.map((injection) => injection.fault))];
  return (fault: string): { label: string; color: string } => {
    const planned = test?.faults.find((candidate) => candidate.name === fault);
    const color = planned?.color ?? spareColors[names.indexOf(fault) % spareColors.length]!;
    return { label: planned?.label ?? fault, color };
  };
}

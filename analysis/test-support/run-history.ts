import type { FaultRecord, PhaseRecord, StallRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { textHistory } from "./text-history.ts";

/** A fault as the nemesis records it, 1 ms after it began; with evidence unless it is said to be ineffective. */
export function fault(id: number, atSeconds: number, action: "inject" | "heal", effective = true): HistoryEvent {
  const evidence = [{ subject: "n1", observation: "pid 4711 in state T", proves: effective }];
  const startedNs = atSeconds * 1e9 - 1e6;
  const value: FaultRecord = { id, action, startedNs, variant: "leader", nodes: ["n1"], evidence, effective };
  return { index: 0, time: atSeconds * 1e9, process: "nemesis", type: "info", f: "pause", value };
}

/** A phase as the controller records it. */
export function phase(atSeconds: number, value: PhaseRecord): HistoryEvent {
  return { index: 0, time: atSeconds * 1e9, process: "controller", type: "info", f: "phase", value };
}

/** The controller stood still for so long, until then. */
export function stall(untilSeconds: number, stalledMs: number): HistoryEvent {
  const value: StallRecord = { stalledMs };
  return { index: 0, time: untilSeconds * 1e9, process: "controller", type: "info", f: "stall", value };
}

/** A write and a read of one client a second, each answered: from second 1, with the values 1, 2, … */
export function steadyHistory(seconds: number): string {
  const second = (at: number): string => `
    ${at}.0 0 invoke write ${at}
    ${at}.1 0 ok     write ${at}
    ${at}.2 0 invoke read
    ${at}.3 0 ok     read ${at}`;
  return Array.from({ length: seconds }, (_, place) => second(place + 1)).join("");
}

/** Client operations as text, woven with annotations by time. */
export function runHistory(text: string, annotations: readonly HistoryEvent[] = []): HistoryEvent[] {
  const all = [...textHistory(text), ...annotations].sort((a, b) => a.time - b.time);
  return all.map((event, index) => ({ ...event, index }));
}

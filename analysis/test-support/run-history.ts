import type { FaultRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { textHistory } from "./text-history.ts";

/** A fault as the nemesis records it, 1 ms after it began; with evidence unless it is said to be ineffective. */
export function fault(id: number, atSeconds: number, action: "inject" | "heal", effective = true): HistoryEvent {
  const evidence = [{ subject: "n1", observation: "pid 4711 in state T", proves: effective }];
  const startedNs = atSeconds * 1e9 - 1e6;
  const value: FaultRecord = { id, action, startedNs, variant: "leader", nodes: ["n1"], evidence, effective };
  return { index: 0, time: atSeconds * 1e9, process: "nemesis", type: "info", f: "pause", value };
}

/** Client operations as text, woven with annotations by time. */
export function runHistory(text: string, annotations: readonly HistoryEvent[] = []): HistoryEvent[] {
  const all = [...textHistory(text), ...annotations].sort((a, b) => a.time - b.time);
  return all.map((event, index) => ({ ...event, index }));
}

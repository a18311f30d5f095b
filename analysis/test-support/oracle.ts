import type { HistoryEvent } from "../../history/event.ts";
import { pairOperations } from "../../history/pair.ts";
import { linearizable, type SmallOperation } from "../register/brute-force.ts";

/** Whether a small history of one key is linearizable, by brute force from the events alone. */
export function oracleAccepts(events: readonly HistoryEvent[]): boolean {
  const numbers = new Map<unknown, number>([[null, 0]]);
  const numberOf = (value: unknown): number => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value) ?? 0;
  };
  const operations = pairOperations(events).flatMap(({ invocation, completion }): SmallOperation[] => {
    const outcome = completion?.type ?? "info";
    const times = {
      inv: invocation.index,
      ret: completion === null || outcome === "info" ? Infinity : completion.index,
    };
    if (invocation.f === "read") {
      return outcome === "ok" ? [{ kind: "read", ...times, from: numberOf(completion?.value ?? null) }] : [];
    }
    if (invocation.f === "write") {
      return outcome === "fail" ? [] : [{ kind: "write", ...times, to: numberOf(invocation.value) }];
    }
    const [from, to] = (invocation.value as unknown[]).map(numberOf) as [number, number];
    if (outcome !== "fail") return [{ kind: "cas", ...times, from, to }];
    return completion?.error === "cas-mismatch" ? [{ kind: "refused", ...times, from, to }] : [];
  });
  return linearizable(operations, 0);
}

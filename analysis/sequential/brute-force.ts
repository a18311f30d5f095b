import type { HistoryEvent } from "../../history/event.ts";
import { pairOperations } from "../../history/pair.ts";

interface Small {
  readonly process: number;
  readonly key: string;
  readonly f: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly outcome: "ok" | "refused" | "info";
}

/**
 * Whether a small history of registers is sequentially consistent, by trying every order. What was never answered may
 * be left out, or come at any time after what its process did before. The independent opinion on the checker.
 */
export function sequentiallyConsistent(events: readonly HistoryEvent[]): boolean {
  const operations = pairOperations(events).flatMap(({ invocation, completion }): Small[] => {
    const { f, key = "", process, value } = invocation;
    const type = completion?.type ?? "info";
    const refused = type === "fail" && f === "cas" && completion?.error === "cas-mismatch";
    if ((type === "fail" && !refused) || (f === "read" && type !== "ok")) return [];
    const [old, next] = f === "cas" ? (value as [unknown, unknown]) : [completion?.value ?? null, value];
    const outcome = refused ? "refused" : type === "ok" ? "ok" : "info";
    return [{ process: process as number, key, f, from: old, to: f === "read" ? undefined : next, outcome }];
  });
  return search(operations);
}

function search(operations: readonly Small[]): boolean {
  const mustHappen = operations.reduce((set, op, i) => (op.outcome === "info" ? set : set | (1 << i)), 0);
  const earlier = operations.map((op, i) =>
    operations.reduce(
      (set, other, j) => (j < i && other.process === op.process && other.outcome !== "info" ? set | (1 << j) : set),
      0,
    ),
  );
  const deadEnds = new Set<string>();
  const from = (done: number, held: Readonly<Record<string, unknown>>): boolean => {
    if ((done & mustHappen) === mustHappen) return true;
    const state = `${done} ${JSON.stringify(held)}`;
    if (deadEnds.has(state)) return false;
    deadEnds.add(state);
    return operations.some((op, i) => {
      if ((done & (1 << i)) !== 0 || (done & earlier[i]!) !== earlier[i]!) return false;
      const value = held[op.key] ?? null;
      if (op.f !== "write" && (op.outcome === "refused") === (value === op.from)) return false;
      const writes = op.f !== "read" && op.outcome !== "refused";
      return from(done | (1 << i), writes ? { ...held, [op.key]: op.to } : held);
    });
  };
  return from(0, {});
}

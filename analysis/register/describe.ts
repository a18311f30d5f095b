import type { OperationTable } from "../operations/operation-table.ts";
import type { RegisterViolationKind, Violation } from "../results.ts";
import type { Finding } from "./check-key.ts";
import { initialValue, type KeyHistory, kinds } from "./key-history.ts";
import { type Actor, forcedOrders } from "./orders.ts";
import { sentenceFor } from "./sentence.ts";
import { failedWriter } from "./values.ts";

/** A finding as people and reports get it. */
export function describeFinding(key: string, history: KeyHistory, table: OperationTable, finding: Finding): Violation {
  const shown = refine(history, finding);
  const actors = shown.operations.map((op): Actor => {
    const view = table.view(history.row[op]!);
    const usesFrom = history.from[op]! >= 0 && !finding.shown.asWrites.has(op);
    const happened = history.kind[op]! !== kinds.failed && history.kind[op]! !== kinds.refused;
    return {
      op,
      view,
      observed: usesFrom && happened ? history.from[op]! : null,
      written: happened && history.to[op]! > initialValue ? history.to[op]! : null,
      invokedAt: history.inv[op]!,
      completedAt: history.ret[op]!,
    };
  });
  const views = actors.map((actor) => actor.view);
  const { stale } = finding;
  return {
    kind: shown.kind,
    key,
    sentence: sentenceFor({ kind: shown.kind, actors, ...(stale === undefined ? {} : { stale }) }),
    operations: views,
    orders: forcedOrders(actors),
    ...(stale === undefined ? {} : { staleness: { versions: stale.versions, milliseconds: stale.milliseconds } }),
  };
}

/** Names a finding more exactly, now that only what matters is left of it. */
function refine(history: KeyHistory, finding: Finding): { kind: RegisterViolationKind; operations: readonly number[] } {
  const { operations } = finding.shown;
  if (finding.kind === "order" && seenBeforeItsWrite(history, finding)) return { kind: "future-read", operations };
  if (finding.kind !== "phantom-read") return { kind: finding.kind, operations };
  const written = new Set(operations.map((op) => history.to[op]!));
  const observed = operations
    .map((op) => history.from[op]!)
    .find((value) => value > initialValue && !written.has(value));
  const failed = observed === undefined ? -1 : failedWriter(history, observed);
  if (failed < 0) return { kind: finding.kind, operations };
  return { kind: "aborted-read", operations: [...operations, failed].sort((a, b) => a - b) };
}

function seenBeforeItsWrite(history: KeyHistory, { shown }: Finding): boolean {
  return shown.operations.some((seen) =>
    shown.operations.some((write) => {
      const sees = history.from[seen]! >= 0 && !shown.asWrites.has(seen) && history.from[seen]! === history.to[write]!;
      return sees && history.ret[seen]! < history.inv[write]!;
    }),
  );
}

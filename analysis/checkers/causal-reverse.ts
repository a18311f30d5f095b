import { elementsIn } from "../../history/set-value.ts";
import type { Checker } from "../checker.ts";
import { elementsOf, encode, type ListRead, noList, setReads } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { byKey, type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { answered, plural, show } from "../objects/phrases.ts";
import { judgeStrays } from "../objects/strays.ts";

/** `checkers["causal-reverse"]`. */
export interface CausalReverseResult extends ObjectResult {
  readonly writes: number;
  readonly reads: number;
}

/**
 * Blind writes of distinct values, and reads of all that was written: `write` (value: what is written) and `read` (ok
 * value: the list or set of values). A read that has a value must have every value whose write was acknowledged before
 * the write of that one began. Reads may otherwise be stale. Source: `jepsen.tests.causal-reverse`.
 */
export const causalReverseChecker: Checker<CausalReverseResult> = {
  name: "causal-reverse",
  forms: [objectForm],
  check: (history) => checkWrites(objectOperations(history)),
};

function checkWrites(operations: readonly ObjectOperation[]): CausalReverseResult {
  const judgement = new Judgement();
  const counts = { writes: 0, reads: 0 };
  for (const [key, ofKey] of byKey(operations)) {
    const writes = ofKey.filter(({ f }) => f === "write");
    const reads = ofKey.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    if (writes.length === 0 && reads.every(({ answer }) => (elementsIn(answer) ?? []).length === 0)) continue;
    counts.writes += writes.length;
    counts.reads += reads.length;
    judgement.tested(key, writes.length + reads.length, reads.length);
    const lists = setReads(reads);
    if (lists === null) judgement.unknown(noList);
    else judgeKey(judgement, key, writes, lists);
  }
  const concluded = judgement.conclude({
    valid: `${plural(counts.reads, "read")} of ${plural(counts.writes, "write")}, none without an earlier write`,
    untested: "no read of what was written was answered",
    remedy: "check that clients reach the cluster, and that the workload reads what it writes",
  });
  return { ...concluded, ...counts };
}

function judgeKey(
  judgement: Judgement,
  key: string,
  writes: readonly ObjectOperation[],
  reads: readonly ListRead[],
): void {
  const values = elementsOf(writes);
  judgeStrays({ judgement, key, noun: "set" }, reads, values, () => 1);
  if ([...values.values()].some(({ attempts }) => attempts > 1)) judgement.unknown(valuesRepeat);
  const writeOf = new Map(writes.filter(({ outcome }) => outcome !== "fail").map((op) => [nameOf(op), op]));
  const acknowledged = writes.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.ret - b.ret);
  const told = new Set<string>();
  for (const { op, names } of reads) {
    const seen = new Set(names);
    const latest = names.reduce<ObjectOperation | null>((last, name) => {
      const write = values.get(name)?.attempts === 1 ? writeOf.get(name) : undefined;
      return write !== undefined && (last === null || write.inv > last.inv) ? write : last;
    }, null);
    if (latest === null) continue;
    for (const earlier of acknowledged) {
      if (earlier.ret >= latest.inv) break;
      if (seen.has(nameOf(earlier)) || told.has(nameOf(earlier))) continue;
      told.add(nameOf(earlier));
      tellMissing(judgement, key, op, earlier, latest);
    }
  }
}

function nameOf({ asked }: ObjectOperation): string {
  return encode(asked);
}

const valuesRepeat = {
  code: "values-repeat",
  reached: "a read of a value that was written several times may be of any of these writes",
  remedy: "write every value only once",
} as const;

function tellMissing(
  judgement: Judgement,
  key: string,
  read: ObjectOperation,
  earlier: ObjectOperation,
  later: ObjectOperation,
): void {
  judgement.add({
    ...{ kind: "missing-predecessor", key, operations: [read, earlier, later] },
    sentence: (seconds) =>
      `${answered(read, seconds, `${show(later.asked)} without ${show(earlier.asked)}`)}, but ` +
      `${show(earlier.asked)} was acknowledged at ${seconds(earlier.completedAtNs)}, before the write of ` +
      `${show(later.asked)} began at ${seconds(later.invokedAtNs)}`,
  });
}

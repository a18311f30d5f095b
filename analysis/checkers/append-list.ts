import type { Checker } from "../checker.ts";
import { elementsOf, type ListRead, listReads, noList } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { listDisorders } from "../objects/list/list-order.ts";
import { tellListDisorder } from "../objects/list/tell.ts";
import { byKey, type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural } from "../objects/phrases.ts";
import { judgeStrays } from "../objects/strays.ts";

/** `checkers["append-list"]`. */
export interface AppendListResult extends ObjectResult {
  readonly appends: number;
  readonly reads: number;
  /** Of the longest list read. */
  readonly longest: number;
}

/**
 * Lists that are only appended to, one a key: `append` (value: the element) and `read` (ok value: the list; null:
 * empty). Linearizability, decided exactly in linear time where no element is appended twice to a list.
 */
export const appendListChecker: Checker<AppendListResult> = {
  name: "append-list",
  forms: [objectForm],
  check: (history) => checkLists(objectOperations(history)),
};

function checkLists(operations: readonly ObjectOperation[]): AppendListResult {
  const judgement = new Judgement();
  const counts = { appends: 0, reads: 0, longest: 0 };
  for (const [key, ofKey] of byKey(operations)) {
    const appends = ofKey.filter(({ f }) => f === "append");
    if (appends.length === 0) continue;
    const reads = ofKey.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    judgement.tested(key, appends.length + reads.length, reads.length);
    counts.appends += appends.length;
    counts.reads += reads.length;
    const lists = listReads(reads);
    if (lists === null) {
      judgement.unknown(noList);
      continue;
    }
    counts.longest = lists.reduce((longest, { names }) => Math.max(longest, names.length), counts.longest);
    checkList(judgement, key, appends, lists);
  }
  const concluded = judgement.conclude({
    valid: `one order explains ${plural(counts.reads, "read")} of ${plural(counts.appends, "append")}`,
    untested: "no list that clients appended to was read",
    remedy: "check that clients reach the cluster, and that the workload reads what it appends to",
  });
  return { ...concluded, ...counts };
}

function checkList(
  judgement: Judgement,
  key: string,
  appends: readonly ObjectOperation[],
  lists: readonly ListRead[],
): void {
  const where = { judgement, key, noun: "list" } as const;
  const elements = elementsOf(appends);
  const distinct = [...elements.values()].every(({ attempts }) => attempts <= 1);
  const explained = judgeStrays(where, lists, elements, ({ attempts }) => attempts);
  const repeats = lists.some(({ names }) => new Set(names).size < names.length);
  if (!distinct) judgement.unknown(elementsRepeat);
  if (!distinct || !explained || repeats) return;
  for (const disorder of listDisorders(lists, elements)) tellListDisorder(where, disorder, elements);
}

const elementsRepeat = {
  code: "values-repeat",
  reached: "the order of elements that were appended several times is ambiguous",
  remedy: "append every element to a list only once",
} as const;

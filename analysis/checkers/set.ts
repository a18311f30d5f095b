import type { Checker } from "../checker.ts";
import { type Element, elementsOf, type ListRead, noList, setReads } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { byKey, type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural } from "../objects/phrases.ts";
import { type Quantiles, quantilesOf } from "../objects/quantiles.ts";
import { type Fate, fatesOf } from "../objects/set/fates.ts";
import { disorderOf } from "../objects/set/nested.ts";
import { tellDisorder, tellFate } from "../objects/set/tell.ts";
import { judgeStrays } from "../objects/strays.ts";

/** `checkers.set`. Elements are counted once each, whatever became of them. */
export interface SetResult extends ObjectResult {
  readonly elements: {
    readonly attempted: number;
    readonly acknowledged: number;
    /** Seen although never acknowledged. */
    readonly recovered: number;
    readonly stable: number;
    readonly stale: number;
    readonly lost: number;
    /** Known to be added, but no read began after that. */
    readonly neverRead: number;
  };
  /** How long elements that stayed were still missing after they were known to be added. */
  readonly stableLatencyMs: Quantiles | null;
}

/**
 * Sets that only grow, one a key: `add` (value: the element) and `read` (ok value: the list of elements; null: empty).
 * Whether elements were lost, were missing for a while, or came from nowhere. Where it is to be linearizable, that is
 * decided exactly; else elements may be missing for a while.
 */
export function setWith({ linearizable }: { readonly linearizable: boolean }): Checker<SetResult> {
  return {
    name: linearizable ? "set" : "set-full",
    forms: [objectForm],
    check: (history) => checkSets(objectOperations(history), linearizable),
  };
}

export const setChecker = setWith({ linearizable: true });
/** Of a set whose reads may be stale. */
export const setFullChecker = setWith({ linearizable: false });

function checkSets(operations: readonly ObjectOperation[], linearizable: boolean): SetResult {
  const judgement = new Judgement();
  const fates: Fate[] = [];
  const elements: Element[] = [];
  for (const [key, ofKey] of byKey(operations)) {
    const adds = ofKey.filter(({ f }) => f === "add");
    if (adds.length === 0) continue;
    const reads = ofKey.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    judgement.tested(key, adds.length + reads.length, reads.length);
    const lists = setReads(reads);
    if (lists === null) {
      judgement.unknown(noList);
      continue;
    }
    const ofSet = elementsOf(adds);
    for (const element of ofSet.values()) elements.push(element);
    for (const fate of checkSet(judgement, key, lists, ofSet, linearizable)) fates.push(fate);
  }
  if (elements.length > 0 && fates.length === 0) judgement.unknown(nothingAdded);
  // One that nobody acknowledged was not promised: a last read that has it, or has not, leaves nothing to be checked.
  const unchecked = fates.filter(({ kind, element }) => kind === "never-read" && element.acks > 0).length;
  if (unchecked > 0) judgement.unknown(unread(unchecked));
  const known = fates.filter(({ kind }) => kind !== "never-read").length;
  const concluded = judgement.conclude({
    valid: `none of ${plural(known, "added element")} was lost${linearizable ? ", and all reads are linearizable" : ""}`,
    untested: "no set that clients added to was read",
    remedy: "check that clients reach the cluster, and that the workload reads what it adds",
  });
  const stableLatencyMs = quantilesOf(fates.filter(({ settled }) => settled).map(({ latencyMs }) => latencyMs));
  return { ...concluded, elements: tally(elements, fates), stableLatencyMs };
}

function checkSet(
  judgement: Judgement,
  key: string,
  lists: readonly ListRead[],
  elements: ReadonlyMap<string, Element>,
  linearizable: boolean,
): Fate[] {
  const where = { judgement, key, noun: "set" } as const;
  const explained = judgeStrays(where, lists, elements, () => 1);
  const reads = lists.map(({ op, names }) => ({ op, names: [...new Set(names)] }));
  const fates = fatesOf(reads, elements);
  for (const fate of fates) {
    if (fate.kind === "lost" || (fate.kind === "stale" && linearizable)) tellFate(where, fate);
  }
  if (explained && linearizable)
    for (const disorder of disorderOf(reads, elements)) tellDisorder(where, disorder, elements);
  return fates;
}

const nothingAdded = {
  code: "nothing-added",
  reached: "no adding was acknowledged, and no read has what was added",
  remedy: "check that clients can write",
};

function unread(neverRead: number): { code: string; reached: string; remedy: string } {
  const reached = `${plural(neverRead, "element")} had no read after being added`;
  return { code: "never-read", reached, remedy: "read every set when all adding is over" };
}

function count(fates: readonly Fate[], kind: Fate["kind"]): number {
  return fates.filter((fate) => fate.kind === kind).length;
}

function tally(elements: readonly Element[], fates: readonly Fate[]): SetResult["elements"] {
  return {
    attempted: elements.length,
    acknowledged: elements.filter(({ acks }) => acks > 0).length,
    recovered: fates.filter(({ element }) => element.acks === 0).length,
    stable: count(fates, "stable"),
    stale: count(fates, "stale"),
    lost: count(fates, "lost"),
    neverRead: count(fates, "never-read"),
  };
}

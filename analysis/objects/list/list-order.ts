import type { Element, ListRead } from "../elements.ts";
import type { ObjectOperation } from "../operations.ts";
import { outOfStage, type Timed } from "../stages.ts";

/** What no order of the appends explains. */
export type ListDisorder =
  | { readonly type: "disagree"; readonly one: ListRead; readonly other: ListRead; readonly place: number }
  /** `missing` was in the list by the end of `knownBy`, and a read that began later lacks it. */
  | {
      readonly type: "stale" | "lost";
      readonly read: ListRead;
      readonly missing: string;
      readonly knownBy: ObjectOperation;
    }
  /** `later` was acknowledged before `earlier` began to be appended, but does not stand before it. */
  | { readonly type: "order"; readonly earlier: string; readonly later: string; readonly read: ListRead };

type Step = { readonly append: string } | { readonly read: ListRead };

/**
 * Linearizability of a list that is only appended to, exactly, where its elements are distinct and all elements read
 * were appended. The longest read fixes the order; all others must be its beginnings. Then everything happens in
 * stages: the reads of nothing, the first append, the reads of one element, … , the acknowledged appends that were
 * never read. Reads of the future are told by others.
 */
export function listDisorders(reads: readonly ListRead[], elements: ReadonlyMap<string, Element>): ListDisorder[] {
  const byLength = reads.toSorted((a, b) => a.names.length - b.names.length);
  const longest = byLength.at(-1);
  if (longest === undefined) return [];
  const disagreements = byLength.flatMap((one) => {
    const place = one.names.findIndex((name, i) => name !== longest.names[i]);
    return place < 0 ? [] : [{ type: "disagree" as const, one, other: longest, place }];
  });
  if (disagreements.length > 0) return disagreements;
  return outOfStage(stagesOf(byLength, longest, elements)).flatMap(({ late, early }) =>
    disorder(late, early, longest, elements),
  );
}

/** An append in the list, or one that is not in it: both have a stage, which is where they have to be. */
function* stagesOf(
  byLength: readonly ListRead[],
  longest: ListRead,
  elements: ReadonlyMap<string, Element>,
): Generator<Timed<Step>[]> {
  const ofLength = Map.groupBy(byLength, ({ names }) => names.length);
  for (let length = 0; length <= longest.names.length; length++) {
    if (length > 0) yield appendOf(longest.names[length - 1]!, elements);
    yield (ofLength.get(length) ?? []).map((read) => ({ inv: read.op.inv, ret: read.op.ret, op: { read } }));
  }
  const listed = new Set(longest.names);
  const unread = [...elements].filter(([name, { acks }]) => acks > 0 && !listed.has(name));
  yield unread.flatMap(([name]) => appendOf(name, elements));
}

function appendOf(name: string, elements: ReadonlyMap<string, Element>): Timed<Step>[] {
  const { first, acknowledged } = elements.get(name) ?? {};
  if (first == null) return [];
  return [{ inv: first.inv, ret: acknowledged?.ret ?? Infinity, op: { append: name } }];
}

function disorder(late: Step, early: Step, longest: ListRead, elements: ReadonlyMap<string, Element>): ListDisorder[] {
  if ("read" in early) {
    const { names } = early.read;
    const missing = "append" in late ? late.append : late.read.names[names.length]!;
    const knownBy = "append" in late ? elements.get(late.append)?.acknowledged : late.read.op;
    if (knownBy == null) return [];
    return [{ type: longest.names.includes(missing) ? "stale" : "lost", read: early.read, missing, knownBy }];
  }
  if ("read" in late) return [];
  return [{ type: "order", earlier: early.append, later: late.append, read: longest }];
}

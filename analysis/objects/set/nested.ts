import type { Element, ListRead } from "../elements.ts";
import { outOfStage, type Timed } from "../stages.ts";

/** Why no order explains the reads of a set that only grows. */
export type Disorder =
  | {
      readonly type: "incomparable";
      readonly one: ListRead;
      readonly other: ListRead;
      readonly names: [string, string];
    }
  | { readonly type: "order"; readonly read: ListRead; readonly seen: string; readonly missing: string };

type Step = { readonly add: string } | { readonly read: ListRead };

/**
 * Linearizability of a set that only grows, exactly, where all elements read were added: reads must be nested, and
 * then everything happens in stages: the adds of what the smallest read has, the reads of just that, the adds of what
 * the next has more, … , the acknowledged adds that were never read. Of what is out of stage only adds are told here:
 * reads are stale or see the future, which others tell.
 */
export function disorderOf(reads: readonly ListRead[], elements: ReadonlyMap<string, Element>): Disorder[] {
  const bySize = reads.toSorted((a, b) => a.names.length - b.names.length);
  const incomparable = notNested(bySize);
  if (incomparable !== null) return [incomparable];
  return outOfStage(stagesOf(bySize, elements)).flatMap(({ late, early }): Disorder[] => {
    if (!("add" in late) || !("add" in early)) return [];
    const read = bySize.find(({ names }) => names.includes(early.add));
    return read === undefined ? [] : [{ type: "order", read, seen: early.add, missing: late.add }];
  });
}

function notNested(bySize: readonly ListRead[]): Disorder | null {
  for (const [i, other] of bySize.entries()) {
    const one = bySize[i - 1];
    if (one === undefined) continue;
    const inOther = new Set(other.names);
    const onlyOne = one.names.find((name) => !inOther.has(name));
    if (onlyOne === undefined) continue;
    const inOne = new Set(one.names);
    const onlyOther = other.names.find((name) => !inOne.has(name)) ?? "";
    return { type: "incomparable", one, other, names: [onlyOne, onlyOther] };
  }
  return null;
}

function* stagesOf(bySize: readonly ListRead[], elements: ReadonlyMap<string, Element>): Generator<Timed<Step>[]> {
  const added = new Set<string>();
  for (const sameSize of Map.groupBy(bySize, ({ names }) => names.length).values()) {
    const fresh = (sameSize[0]?.names ?? []).filter((name) => !added.has(name));
    for (const name of fresh) added.add(name);
    yield fresh.flatMap((name) => addOf(name, elements.get(name)));
    yield sameSize.map((read) => ({ inv: read.op.inv, ret: read.op.ret, op: { read } }));
  }
  yield [...elements].flatMap(([name, element]) =>
    element.acknowledged === null || added.has(name) ? [] : addOf(name, element),
  );
}

/**
 * When an element came to be in the set: after the first of its adds was invoked, and before the first acknowledgement.
 * Several adds of it allow any instant between.
 */
function addOf(name: string, element: Element | undefined): Timed<Step>[] {
  if (element?.first == null) return [];
  return [{ inv: element.first.inv, ret: element.acknowledged?.ret ?? Infinity, op: { add: name } }];
}

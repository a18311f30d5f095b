import type { Element, ListRead } from "./elements.ts";
import type { Judgement } from "./judgement.ts";
import { answered, show } from "./phrases.ts";

/** What is judged, and what to call it. */
export interface Where {
  readonly judgement: Judgement;
  readonly key: string;
  readonly noun: "set" | "list";
}

/**
 * Judges each read by itself: elements that nobody added, whose adding failed, that were not added yet, and that stand
 * in it too often. Each element is told once a kind. Returns whether all elements could be there.
 */
export function judgeStrays(
  where: Where,
  reads: readonly ListRead[],
  elements: ReadonlyMap<string, Element>,
  mostTimes: (element: Element) => number,
): boolean {
  const told = new Set<string>();
  const once = (kind: string, name: string): boolean => {
    const before = told.size;
    return told.add(`${kind} ${name}`).size > before;
  };
  let explained = true;
  for (const read of reads) {
    for (const [name, times] of timesIn(read.names)) {
      const element = elements.get(name);
      if (element?.first == null) {
        explained = false;
        if (once("stray", name)) tellStray(where, read, name, element);
      } else if (read.op.ret < element.first.inv && once("future", name)) {
        tellFuture(where, read, element);
      }
      if (element !== undefined && times > Math.max(1, mostTimes(element)) && once("duplicate", name))
        tellDuplicate(where, read, name, times);
    }
  }
  return explained;
}

function timesIn(names: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}

function tellStray({ judgement, key, noun }: Where, { op }: ListRead, name: string, element?: Element): void {
  const failed = element?.failed ?? null;
  const value = JSON.parse(name) as unknown;
  if (failed === null) {
    judgement.add({
      ...{ kind: "phantom-element", key, operations: [op] },
      sentence: (seconds) =>
        `${answered(op, seconds, `a ${noun} with ${show(value)}`)}, but nobody added ${show(value)}`,
    });
    return;
  }
  const why = failed.error === undefined ? "" : ` (${failed.error})`;
  judgement.add({
    ...{ kind: "aborted-element", key, operations: [op, failed] },
    sentence: (seconds) =>
      `${answered(op, seconds, `a ${noun} with ${show(value)}`)}, but process ${failed.process}'s adding it had certainly failed${why}`,
  });
}

function tellFuture({ judgement, key, noun }: Where, { op }: ListRead, { value, first }: Element): void {
  if (first === null) return;
  judgement.add({
    ...{ kind: "future-element", key, operations: [op, first] },
    sentence: (seconds) =>
      `${answered(op, seconds, `a ${noun} with ${show(value)}`)}, before process ${first.process} began to add it at ${seconds(first.invokedAtNs)}`,
  });
}

function tellDuplicate({ judgement, key, noun }: Where, { op }: ListRead, name: string, times: number): void {
  const value = JSON.parse(name) as unknown;
  judgement.add({
    ...{ kind: "duplicate-element", key, operations: [op] },
    sentence: (seconds) => `${answered(op, seconds, `a ${noun} with ${show(value)} in it ${times} times`)}`,
  });
}

import type { Element, ListRead } from "../elements.ts";
import type { ObjectOperation } from "../operations.ts";

/** What became of an element that certainly was in the set. */
export interface Fate {
  readonly element: Element;
  /** The operation by whose end it certainly was in the set: its adding, or a read that has it. */
  readonly knownBy: ObjectOperation;
  readonly kind: "stable" | "lost" | "stale" | "never-read";
  /** The last read without it that began when it was known to be there. */
  readonly absence: ObjectOperation | null;
  /** How long after it was known to be there it was still missing. */
  readonly latencyMs: number;
  /** Whether it was there to stay after that, as far as reads tell. */
  readonly settled: boolean;
}

interface Seen {
  /** The read that ended first of those that have the element. */
  readonly first: ObjectOperation;
  readonly lastBegun: number;
  readonly lastEnded: number;
}

/**
 * The fate of each element of which it is known that it was added. *lost*: a read lacks it, and all reads that have it
 * had ended before that one began. *stale*: a read lacked it, but it came back, or may have. *never-read*: no read
 * has it and none began after it was known to be there, so nothing follows.
 */
export function fatesOf(reads: readonly ListRead[], elements: ReadonlyMap<string, Element>): Fate[] {
  const seen = seenElements(reads);
  const lastRead = reads.reduce((last, { op }) => Math.max(last, op.inv), Number.NEGATIVE_INFINITY);
  const known = [...elements].flatMap(([name, element]) => {
    const knownBy = firstToEnd(element.acknowledged, seen.get(name)?.first ?? null);
    return element.first === null || knownBy === null ? [] : [{ name, element, knownBy }];
  });
  const absences = lastAbsences(reads, known);
  return known.map(({ name, element, knownBy }) => {
    const absence = absences.get(name) ?? null;
    const at = { element, knownBy, absence };
    const isSeen = seen.has(name);
    if (lastRead <= knownBy.ret && !isSeen) return { ...at, kind: "never-read", latencyMs: 0, settled: false };
    if (absence === null) return { ...at, kind: "stable", latencyMs: 0, settled: true };
    const latencyMs = Math.max(0, absence.invokedAtNs - knownBy.completedAtNs) / 1e6;
    const sightings = seen.get(name);
    if (sightings === undefined || sightings.lastEnded < absence.inv) {
      return { ...at, kind: "lost", latencyMs, settled: false };
    }
    return { ...at, kind: "stale", latencyMs, settled: sightings.lastBegun > absence.inv };
  });
}

function seenElements(reads: readonly ListRead[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const { op, names } of reads) {
    for (const name of names) {
      const known = seen.get(name);
      if (known === undefined) seen.set(name, { first: op, lastBegun: op.inv, lastEnded: op.ret });
      else {
        const first = op.ret < known.first.ret ? op : known.first;
        seen.set(name, { first, lastBegun: op.inv, lastEnded: Math.max(known.lastEnded, op.ret) });
      }
    }
  }
  return seen;
}

function firstToEnd(a: ObjectOperation | null, b: ObjectOperation | null): ObjectOperation | null {
  if (a === null || b === null) return a ?? b;
  return b.ret < a.ret ? b : a;
}

/** From the last read back; an element leaves the search at its first absence, or when it was not yet known. */
function lastAbsences(
  reads: readonly ListRead[],
  known: readonly { readonly name: string; readonly knownBy: ObjectOperation }[],
): Map<string, ObjectOperation> {
  const absences = new Map<string, ObjectOperation>();
  let open = known;
  for (const { op, names } of reads.toReversed()) {
    const inIt = new Set(names);
    open = open.filter(({ name, knownBy }) => {
      if (knownBy.ret >= op.inv) return false;
      if (!inIt.has(name)) absences.set(name, op);
      return inIt.has(name);
    });
  }
  return absences;
}

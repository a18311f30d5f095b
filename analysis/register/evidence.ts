import type { RegisterViolationKind } from "../results.ts";
import { type Blocks, nextValue } from "./blocks.ts";
import { type Exhibit, exhibit, type Observations } from "./exhibit.ts";
import { initialValue, type KeyHistory } from "./key-history.ts";
import { firstSeenBy, type StaleRead } from "./staleness.ts";
import { mayWrite, type Problem, type ValueColumns } from "./values.ts";

/** Operations that are thought to contradict each other, before brute force has confirmed it. */
export interface Evidence {
  readonly kind: RegisterViolationKind;
  readonly shown: Exhibit;
  /** Must stay when the exhibit is shrunk: other operations are sound to leave out, these are not. */
  readonly required?: ReadonlySet<number>;
  readonly stale?: StaleRead;
}

/** Collects evidence on one key. */
export class EvidenceBuilder {
  readonly #history: KeyHistory;
  readonly #columns: ValueColumns;
  readonly #seen: Observations;

  constructor(history: KeyHistory, columns: ValueColumns, seen: Observations) {
    this.#history = history;
    this.#columns = columns;
    this.#seen = seen;
  }

  /** The read, what proves that its value had come before, and what proves that another came after. */
  staleRead(stale: StaleRead): Evidence {
    const history = this.#history;
    const value = history.from[stale.read]!;
    const before = value === initialValue ? -1 : firstSeenBy(history)[value]!;
    const linked: number[] = [];
    // A cas that wrote the value counts as a write; one that compared with it keeps the comparison.
    if (before >= 0 && history.from[before]! === value) linked.push(before);
    if (history.from[stale.newer]! === stale.newerValue) linked.push(stale.newer);
    const shown = this.#exhibit([stale.read, before, stale.newer], linked);
    return { kind: "stale-read", shown, required: new Set([stale.read, stale.newer]), stale };
  }

  local(problem: Problem): Evidence {
    return { kind: problem.kind, shown: this.#exhibit(problem.operations, problem.operations) };
  }

  circle(values: readonly number[]): Evidence {
    const writers = values.map((value) => this.#columns.writer[value]!);
    return { kind: "cas-cycle", shown: this.#exhibit(writers, writers) };
  }

  /** Two stages of a chain in the wrong order, as near to each other as can be. */
  disorder(earlyStage: number, lateStage: number): Evidence {
    if (earlyStage === lateStage) {
      const operations = [this.#columns.writer[earlyStage]!, this.#seen.firstRead[earlyStage]!];
      return { kind: "future-read", shown: this.#exhibit(operations, []) };
    }
    const early = this.#lastToBegin(earlyStage);
    let stage = this.#next(earlyStage);
    while (stage !== lateStage && this.#end(this.#firstToEnd(stage)) >= this.#begin(early)) stage = this.#next(stage);
    return { kind: "order", shown: this.#exhibit([early, this.#firstToEnd(stage)], this.#links(earlyStage, stage)) };
  }

  /** Two blocks of which each has to come before the other. */
  conflict(blocks: Blocks, x: number, y: number): Evidence {
    const inX = this.#pair(blocks, x, blocks.lastBegin[y]!, blocks.firstEnd[y]!);
    const inY = this.#pair(blocks, y, this.#history.inv[inX.begins]!, this.#end(inX.ends));
    const linked = [inX, inY].flatMap((pair) => this.#links(pair.fromStage, pair.toStage));
    return { kind: "reads-disagree", shown: this.#exhibit([inX.ends, inX.begins, inY.ends, inY.begins], linked) };
  }

  /**
   * A refusal between two operations of the very value it compared with. All operations of a value stand together, so
   * what else happened cannot matter. Failing that, everything that could have hosted the refusal has to be shown.
   */
  refusal(refusal: number): Evidence {
    const history = this.#history;
    const value = history.from[refusal]!;
    const before = this.#firstToEnd(value);
    const lastRead = this.#seen.lastRead[value]!;
    const leaving = this.#columns.leaving[value]!;
    const after = [lastRead, leaving].find((op) => this.#begin(op) > history.ret[refusal]!);
    if (after !== undefined && this.#end(before) < history.inv[refusal]!) {
      const shown = this.#exhibit([before, after, refusal], [refusal, ...(after === leaving ? [leaving] : [])]);
      return { kind: "cas-refused", shown, required: new Set([before, after, refusal].filter((op) => op >= 0)) };
    }
    const all = Array.from({ length: history.count }, (_, op) => op);
    const needed = all.filter((op) => mayWrite(history, op) || op === refusal);
    return { kind: "cas-refused", shown: { operations: all, asWrites: new Set() }, required: new Set(needed) };
  }

  #exhibit(operations: readonly number[], linked: readonly number[]): Exhibit {
    const all = [...operations, ...linked];
    return exhibit(this.#history, this.#columns, this.#seen, all, new Set(linked));
  }

  /** Of a block: an operation that ended before one time and one that began after another, few stages apart. */
  #pair(blocks: Blocks, block: number, endBefore: number, beginAfter: number): Pair {
    let best: Pair | null = null;
    let distance = Number.POSITIVE_INFINITY;
    let lastEnding = -1;
    let lastBeginning = -1;
    const stageAt = (at: number): number => blocks.stages[at]!;
    for (let at = blocks.starts[block]!; at < blocks.starts[block + 1]!; at++) {
      if (this.#end(this.#firstToEnd(stageAt(at))) < endBefore) lastEnding = at;
      if (this.#begin(this.#lastToBegin(stageAt(at))) > beginAfter) lastBeginning = at;
      if (lastEnding < 0 || lastBeginning < 0 || Math.abs(lastEnding - lastBeginning) >= distance) continue;
      distance = Math.abs(lastEnding - lastBeginning);
      best = {
        ends: this.#firstToEnd(stageAt(lastEnding)),
        begins: this.#lastToBegin(stageAt(lastBeginning)),
        fromStage: stageAt(Math.min(lastEnding, lastBeginning)),
        toStage: stageAt(Math.max(lastEnding, lastBeginning)),
      };
    }
    if (best === null) throw new Error(`block ${block} takes part in no conflict`);
    return best;
  }

  /** The compare-and-sets that lead from one stage to a later one. */
  #links(from: number, to: number): number[] {
    const links: number[] = [];
    for (let value = from; value !== to; value = this.#next(value)) {
      links.push(this.#columns.leaving[value]!);
    }
    return links;
  }

  #next(value: number): number {
    return nextValue(this.#history, this.#columns, value);
  }

  /** The operation of a stage that ended first; -1: the initial value itself. */
  #firstToEnd(value: number): number {
    const read = this.#seen.firstRead[value]!;
    const writer = this.#columns.writer[value]!;
    if (value === initialValue || read < 0) return value === initialValue ? -1 : writer;
    return this.#history.ret[read]! < this.#history.ret[writer]! ? read : writer;
  }

  #lastToBegin(value: number): number {
    const read = this.#seen.lastRead[value]!;
    const writer = this.#columns.writer[value]!;
    if (value === initialValue || read < 0) return value === initialValue ? read : writer;
    return this.#history.inv[read]! > this.#history.inv[writer]! ? read : writer;
  }

  #end(op: number): number {
    return op < 0 ? Number.NEGATIVE_INFINITY : this.#history.ret[op]!;
  }

  #begin(op: number): number {
    return op < 0 ? Number.NEGATIVE_INFINITY : this.#history.inv[op]!;
  }
}

interface Pair {
  readonly ends: number;
  readonly begins: number;
  readonly fromStage: number;
  readonly toStage: number;
}

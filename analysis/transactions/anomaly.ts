import type { AnomalyName } from "./model-table.ts";

/** Something that transactions cannot do under some model, told with names T1, T2, … in the order of their beginnings. */
export interface Anomaly {
  readonly name: AnomalyName;
  readonly rows: readonly number[];
  readonly sentence: string;
  readonly orders: readonly Dependency[];
}

/** Why one transaction comes before another. */
export interface Dependency {
  readonly type: "ww" | "wr" | "rw" | "process" | "realtime";
  readonly before: number;
  readonly after: number;
  readonly why: string;
}

/** How transactions are called in a sentence. */
export type Namer = (row: number) => string;

export function namer(rows: readonly number[]): Namer {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  return (row) => `T${sorted.indexOf(row) + 1}`;
}

/** Collects anomalies: all are counted, a few of each name are told. */
export class Anomalies {
  readonly #maxExamples: number;
  readonly examples: Anomaly[] = [];
  readonly counts = new Map<AnomalyName, number>();

  constructor(maxExamples: number) {
    this.#maxExamples = maxExamples;
  }

  add(name: AnomalyName, rows: readonly number[], tell: (name: Namer) => string): void {
    const before = this.counts.get(name) ?? 0;
    this.counts.set(name, before + 1);
    if (before >= this.#maxExamples) return;
    const involved = [...new Set(rows)].sort((a, b) => a - b);
    this.examples.push({ name, rows: involved, sentence: tell(namer(involved)), orders: [] });
  }
}

const shownElements = 8;

/** A value as sentences show it; of a long list its end, which is what tells. */
export function show(value: unknown): string {
  if (!Array.isArray(value)) return value === null ? "nothing" : JSON.stringify(value);
  const elements = (value as unknown[]).map((element) => JSON.stringify(element));
  return elements.length <= shownElements ? `[${elements.join(" ")}]` : `[… ${elements.slice(-4).join(" ")}]`;
}

import { summarizeLatencies } from "./latency.ts";
import { type OperationTable, outcomes } from "./operations/operation-table.ts";
import { type LatencySummary, promptMs, type ServiceCounts } from "./results.ts";

export interface Period {
  readonly fromNs: number;
  readonly toNs: number;
}

/** How the store served some of a run's operations. */
export class ServiceTally {
  readonly #table: OperationTable;
  readonly #counted = { answered: 0, total: 0, prompt: 0 };
  /** Of ok operations, by their function. */
  readonly #latenciesMs = new Map<number, number[]>();

  constructor(table: OperationTable) {
    this.#table = table;
  }

  /** Counts an operation by its row. */
  add(row: number, isAnswered: boolean): void {
    const { completedAtNs, intendedAtNs, outcome, f } = this.#table;
    this.#counted.total++;
    if (!isAnswered) return;
    this.#counted.answered++;
    const latencyMs = (completedAtNs[row]! - intendedAtNs[row]!) / 1e6;
    if (latencyMs <= promptMs) this.#counted.prompt++;
    if (outcome[row] === outcomes.ok) this.#latenciesOf(f[row]!).push(latencyMs);
  }

  /** `seconds`: how long the part of the run lasted that the operations belong to. */
  counts(seconds: number): ServiceCounts {
    const summaries = [...this.#latenciesMs].map(([f, each]): [string, LatencySummary] => [
      this.#table.words.text(f),
      summarizeLatencies(Float64Array.from(each))!,
    ]);
    return { ...this.#counted, seconds, latencyMs: Object.fromEntries(summaries) };
  }

  #latenciesOf(f: number): number[] {
    const known = this.#latenciesMs.get(f);
    if (known !== undefined) return known;
    const latencies: number[] = [];
    this.#latenciesMs.set(f, latencies);
    return latencies;
  }
}

/** From the first invocation to the last completion. */
export function clientsAtWork(table: OperationTable): Period {
  let toNs = table.invokedAtNs[0] ?? 0;
  for (let row = 0; row < table.count; row++) {
    if (table.completedAtNs[row] !== Number.POSITIVE_INFINITY) toNs = Math.max(toNs, table.completedAtNs[row]!);
  }
  return { fromNs: table.invokedAtNs[0] ?? 0, toNs };
}

/** How much of a period lies in any of others, which may overlap. */
export function secondsWithin(period: Period, others: readonly Period[]): number {
  let coveredNs = 0;
  let reachedNs = period.fromNs;
  for (const { fromNs, toNs } of others.toSorted((one, other) => one.fromNs - other.fromNs)) {
    const endNs = Math.min(toNs, period.toNs);
    const startNs = Math.max(fromNs, reachedNs);
    if (endNs <= startNs) continue;
    coveredNs += endNs - startNs;
    reachedNs = endNs;
  }
  return coveredNs / 1e9;
}

import type { OperationTable } from "../operations/operation-table.ts";
import { type Blocks, buildBlocks } from "./blocks.ts";
import { certificate, replay } from "./certificate.ts";
import { type Evidence, EvidenceBuilder } from "./evidence.ts";
import { type Exhibit, observations, refuted, shrink } from "./exhibit.ts";
import { type KeyHistory, kinds } from "./key-history.ts";
import { decideRefusals } from "./refused-cas.ts";
import { type StaleRead, staleReads } from "./staleness.ts";
import { type ValueColumns, valueColumns } from "./values.ts";
import { ZoneIndex } from "./zones.ts";

/** The verdict on one key. */
export type KeyVerdict =
  | { readonly verdict: "valid"; readonly stale: readonly StaleRead[] }
  | { readonly verdict: "invalid"; readonly stale: readonly StaleRead[]; readonly finding: Finding }
  | { readonly verdict: "unknown"; readonly stale: readonly StaleRead[]; readonly cause: UnknownCause };

/** Operations that contradict each other, confirmed by brute force and shrunk. */
export interface Finding {
  readonly kind: Evidence["kind"];
  readonly shown: Exhibit;
  readonly stale?: StaleRead;
}

export const unknownCauses = {
  "checker-disagrees":
    "two independent checks of the same operations disagree: please report this as a bug of Keelhaul",
  "counterexample-too-large": "use fewer compare-and-sets in a row, or more keys",
  "values-repeat": "write every value at most once a key",
  "refused-cas": "use more keys, or fewer compare-and-sets that are refused",
} as const satisfies Record<string, string>;
export type UnknownCause = keyof typeof unknownCauses;

/** How many conflicts of one key are explained in search of the shortest explanation. */
const maxConflicts = 8;

/**
 * Decides whether the operations on one key, on which each value is written once, are linearizable: there must be no
 * local problem, and no two blocks of which each has to come before the other. Exact, in O(n log n). Sources: Gibbons
 * and Korach 1997, generalised to compare-and-set and to operations of unknown outcome.
 */
export function checkKey(history: KeyHistory, table: OperationTable): KeyVerdict {
  const columns = valueColumns(history);
  const stale = staleReads(history, columns, table);
  const problem = findProblem(history, columns, stale);
  if (problem.evidence.length > 0) return { stale, ...confirm(history, columns, problem.evidence) };
  const { blocks } = problem;
  if (stale.length > 0 || blocks === null) return { verdict: "unknown", stale, cause: "checker-disagrees" };
  const proven = replay(history, certificate(history, columns, blocks)) === null;
  if (!proven) return { verdict: "unknown", stale, cause: "checker-disagrees" };
  const hasRefusals = history.kind.subarray(0, history.count).includes(kinds.refused);
  return { stale, ...(hasRefusals ? judgeRefusals(history, columns, blocks) : { verdict: "valid" }) };
}

/** The verdict on a key that is linearizable but for its refused compare-and-sets. */
function judgeRefusals(history: KeyHistory, columns: ValueColumns, blocks: Blocks): { verdict: "valid" } | Confirmed {
  const decided = decideRefusals(history, columns, blocks);
  if (decided.verdict === "valid") return { verdict: "valid" };
  if (decided.verdict === "unknown") return { verdict: "unknown", cause: "refused-cas" };
  const evidence = new EvidenceBuilder(history, columns, observations(history)).refusal(decided.refusal);
  const confirmed = confirm(history, columns, [evidence]);
  // The evidence needs the whole key where no single value spans the refusal, and that may be too much to confirm.
  return confirmed.verdict === "unknown" && confirmed.cause === "counterexample-too-large"
    ? { verdict: "unknown", cause: "refused-cas" }
    : confirmed;
}

interface Problems {
  readonly evidence: readonly Evidence[];
  /** Null when the values' own problems leave no blocks to speak of. */
  readonly blocks: Blocks | null;
}

/** Evidence against the key, the most telling first; none when it is linearizable but for refused compares. */
function findProblem(history: KeyHistory, columns: ValueColumns, stale: readonly StaleRead[]): Problems {
  const builder = new EvidenceBuilder(history, columns, observations(history));
  if (stale.length > 0) return { evidence: [builder.staleRead(stalest(stale))], blocks: null };
  if (columns.problems.length > 0) {
    return { evidence: columns.problems.slice(0, maxConflicts).map((problem) => builder.local(problem)), blocks: null };
  }
  const blocks = buildBlocks(history, columns);
  if (blocks.circle !== null) return { evidence: [builder.circle(blocks.circle)], blocks };
  if (blocks.disorder !== null) {
    return { evidence: [builder.disorder(blocks.disorder.earlyStage, blocks.disorder.lateStage)], blocks };
  }
  return { evidence: findConflicts(blocks).map(([x, y]) => builder.conflict(blocks, x, y)), blocks };
}

/** Of all stale reads the one that nobody can put down to a close race. */
function stalest(stale: readonly StaleRead[]): StaleRead {
  return stale.reduce((worst, read) => (read.milliseconds > worst.milliseconds ? read : worst));
}

/** Pairs of blocks that cannot be ordered, the earliest first. */
function findConflicts(blocks: Blocks): [number, number][] {
  const index = new ZoneIndex(blocks.firstEnd, blocks.lastBegin);
  const conflicts: [number, number][] = [];
  for (const block of index.order) {
    const other = index.conflict(blocks.firstEnd[block]!, blocks.lastBegin[block]!, block);
    if (other >= 0) conflicts.push([other, block]);
    if (conflicts.length === maxConflicts) break;
  }
  return conflicts;
}

type Confirmed =
  | { readonly verdict: "invalid"; readonly finding: Finding }
  | { readonly verdict: "unknown"; readonly cause: UnknownCause };

/** An `invalid` counts only when brute force finds no order for the evidence either. The smallest exhibit is kept. */
function confirm(history: KeyHistory, columns: ValueColumns, evidence: readonly Evidence[]): Confirmed {
  let smallest: Finding | null = null;
  let disagrees = false;
  for (const { kind, shown, required, stale } of evidence) {
    const opinion = refuted(history, shown);
    if (opinion === false) disagrees = true;
    if (opinion !== true) continue;
    const shrunk = shrink(history, columns, shown, required);
    if (smallest === null || shrunk.operations.length < smallest.shown.operations.length) {
      smallest = { kind, shown: shrunk, ...(stale === undefined ? {} : { stale }) };
    }
  }
  if (smallest !== null) return { verdict: "invalid", finding: smallest };
  return { verdict: "unknown", cause: disagrees ? "checker-disagrees" : "counterexample-too-large" };
}

import type { Anomaly } from "../anomaly.ts";
import { type Extent, extents } from "../cycles.ts";
import type { AnomalyName } from "../model-table.ts";
import { modelNames } from "../model-table.ts";
import { forbids } from "../models.ts";
import type { TransactionTable } from "../transaction-table.ts";
import { type Cell, cells } from "./cells.ts";
import { decide, type OpenQuestions } from "./decide.ts";
import { Effort } from "./small-graph.ts";
import { tellRefutation } from "./tell.ts";

/** How many edges all decisions about a history may look at: some seconds. */
const maxEdges = 60_000_000;

export interface Answers {
  /** One for each group of transactions that no order of versions explains, under the name of the weakest such level. */
  readonly anomalies: readonly Anomaly[];
  /** Names of which it is not known whether they are there. */
  readonly open: ReadonlySet<AnomalyName>;
}

/** Decides what `known` anomalies do not: which levels some order of versions keeps to, up to the extent. */
export function answer(
  questions: OpenQuestions,
  table: TransactionTable,
  extent: Extent,
  known: readonly AnomalyName[],
): Answers {
  const reached = extents.slice(0, extents.indexOf(extent) + 1);
  const asked = cells.filter((cell) => questions.levels.includes(cell.level) && reached.includes(cell.extent));
  const anomalies: Anomaly[] = [];
  const open = new Set<AnomalyName>();
  const isSettled = (cell: Cell): boolean => {
    const names = [...known, ...anomalies.map(({ name }) => name)];
    return modelNames.every((model) => !forbids(model, cell.name) || names.some((name) => forbids(model, name)));
  };
  if (asked.every(isSettled)) return { anomalies, open };
  const serial = reached.findLastIndex((one) => questions.hasSerialOrder(one));
  const effort = new Effort(maxEdges);
  for (const cell of asked) {
    if (reached.indexOf(cell.extent) <= serial || isSettled(cell)) continue;
    const { refuted, complete } = decide(questions.groups(cell.extent, cell.level), cell.level, effort);
    for (const { group, refutation } of refuted) {
      anomalies.push(tellRefutation(table, cell, group, refutation));
    }
    if (!complete && refuted.length === 0) open.add(cell.name);
  }
  return { anomalies, open };
}

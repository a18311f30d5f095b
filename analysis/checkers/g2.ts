import type { Checker } from "../checker.ts";
import { encode } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural, show } from "../objects/phrases.ts";

/** `checkers.g2`. */
export interface G2Result extends ObjectResult {
  /** Keys for which an insert succeeded. */
  readonly inserted: number;
}

/**
 * Adya's G2 by predicates: `insert` (value: [a-id, null] or [null, b-id], or [key, such a pair]) adds a row for a key
 * to one of two tables, if a query of both finds no row for the key. Two inserts for one key that both succeed each
 * missed the other's row, an anti-dependency cycle. Source: `jepsen.tests.adya`.
 */
export const g2Checker: Checker<G2Result> = {
  name: "g2",
  forms: [objectForm],
  check: (history) => checkInserts(objectOperations(history).filter(({ f }) => f === "insert")),
};

function checkInserts(inserts: readonly ObjectOperation[]): G2Result {
  const judgement = new Judgement();
  let inserted = 0;
  for (const [key, ofKey] of Map.groupBy(inserts, rowKeyOf)) {
    const succeeded = ofKey.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.ret - b.ret);
    judgement.tested(key, ofKey.length, succeeded.length);
    if (succeeded.length > 0) inserted++;
    const [first, second] = succeeded;
    if (first !== undefined && second !== undefined) tellTwice(judgement, key, first, second, succeeded.length);
  }
  const concluded = judgement.conclude({
    valid: `${plural(inserted, "key")} with one insert each that succeeded`,
    untested: "no insert succeeded",
    remedy: "check that clients reach the cluster",
  });
  return { ...concluded, inserted };
}

/** In histories of Jepsen that were not split by key, the value names it: [key [a-id b-id]]. */
function rowKeyOf({ key, asked }: ObjectOperation): string {
  if (key !== "" || !Array.isArray(asked) || !Array.isArray(asked[1])) return key;
  return typeof asked[0] === "string" ? asked[0] : encode(asked[0]);
}

function tellTwice(
  judgement: Judgement,
  key: string,
  first: ObjectOperation,
  second: ObjectOperation,
  succeeded: number,
): void {
  judgement.add({
    ...{ kind: "inserted-twice", key, operations: [first, second], count: succeeded - 1 },
    sentence: (seconds) =>
      `process ${first.process} inserted ${show(first.asked)} by ${seconds(first.completedAtNs)} and process ` +
      `${second.process} inserted ${show(second.asked)} by ${seconds(second.completedAtNs)}, though each ` +
      "may only insert while there is no other row",
  });
}

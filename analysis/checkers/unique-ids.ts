import { exactInteger, integerOf } from "../../history/exact-json.ts";
import type { Checker } from "../checker.ts";
import { encode } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural, show } from "../objects/phrases.ts";

/** `checkers["unique-ids"]`. */
export interface UniqueIdsResult extends ObjectResult {
  readonly ids: {
    readonly given: number;
    /** Identifiers that were given out more than once. */
    readonly duplicated: number;
    /** Of identifiers that are whole numbers; beyond 2^53 as `parseJson` keeps them. */
    readonly lowest: number | string | null;
    readonly highest: number | string | null;
  };
}

/** `generate` (ok value: the identifier): whether all are distinct. One that was not answered gave out nothing. */
export const uniqueIdsChecker: Checker<UniqueIdsResult> = {
  name: "unique-ids",
  forms: [objectForm],
  check: (history) => checkIds(objectOperations(history).filter(({ f }) => f === "generate")),
};

function checkIds(generates: readonly ObjectOperation[]): UniqueIdsResult {
  const judgement = new Judgement();
  const given = generates.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.ret - b.ret);
  judgement.tested("", generates.length, given.length);
  let duplicated = 0;
  for (const [id, all] of Map.groupBy(given, ({ answer }) => encode(answer))) {
    if (all.length === 1) continue;
    duplicated++;
    tellDuplicate(judgement, id, all);
  }
  const concluded = judgement.conclude({
    valid: `${plural(given.length, "identifier")}, all distinct`,
    untested: "no identifier was given out",
    remedy: "check that clients reach the cluster",
  });
  return { ...concluded, ids: { given: given.length, duplicated, ...range(given) } };
}

function tellDuplicate(judgement: Judgement, id: string, all: readonly ObjectOperation[]): void {
  const [first, second] = all;
  if (first === undefined || second === undefined) return;
  const times = all.length > 2 ? `, ${all.length} times in all` : "";
  judgement.add({
    ...{ kind: "duplicate-id", key: "", operations: all.slice(0, 4) },
    sentence: (seconds) =>
      `${show(JSON.parse(id))} was given to process ${first.process} at ${seconds(first.completedAtNs)} and again to ` +
      `process ${second.process} at ${seconds(second.completedAtNs)}${times}`,
  });
}

function range(given: readonly ObjectOperation[]): Pick<UniqueIdsResult["ids"], "lowest" | "highest"> {
  const [first, ...rest] = given.map(({ answer }) => integerOf(answer));
  if (first === undefined || first === null) return { lowest: null, highest: null };
  let [lowest, highest] = [first, first];
  for (const id of rest) {
    if (id === null) return { lowest: null, highest: null };
    if (id < lowest) lowest = id;
    if (id > highest) highest = id;
  }
  return { lowest: exactInteger(lowest), highest: exactInteger(highest) };
}

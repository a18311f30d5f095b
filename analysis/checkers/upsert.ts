import { elementsIn } from "../../history/set-value.ts";
import type { Checker } from "../checker.ts";
import { encode } from "../objects/elements.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { byKey, type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural, show } from "../objects/phrases.ts";

/** `checkers.upsert`. */
export interface UpsertResult extends ObjectResult {
  /** Keys for which an entity was created. */
  readonly created: number;
}

/**
 * `upsert` creates the entity of a key if it has none (ok value: the entity; `fail`: it had one), `read` lists the
 * entities of a key. Whether every key has one at most, by what all operations saw. Source: Jepsen's test of Dgraph.
 */
export const upsertChecker: Checker<UpsertResult> = {
  name: "upsert",
  forms: [objectForm],
  check: (history) => checkUpserts(objectOperations(history)),
};

/** An entity, and an operation that shows it to exist. */
interface Sighting {
  readonly op: ObjectOperation;
  readonly entity: unknown;
}

function checkUpserts(operations: readonly ObjectOperation[]): UpsertResult {
  const judgement = new Judgement();
  let created = 0;
  for (const [key, ofKey] of byKey(operations)) {
    if (!ofKey.some(({ f }) => f === "upsert")) continue;
    const sightings = ofKey.flatMap(sightingsOf);
    judgement.tested(key, ofKey.length, ofKey.filter(({ outcome }) => outcome === "ok").length);
    if (sightings.length > 0) created++;
    judgeKey(judgement, key, sightings);
  }
  const concluded = judgement.conclude({
    valid: `${plural(created, "key")} with one entity each`,
    untested: "no upsert was answered, and no read of what was upserted",
    remedy: "check that clients reach the cluster",
  });
  return { ...concluded, created };
}

function sightingsOf(op: ObjectOperation): readonly Sighting[] {
  if (op.outcome !== "ok") return [];
  if (op.f === "upsert") return [{ op, entity: op.answer ?? op.asked }];
  return op.f === "read" ? (elementsIn(op.answer ?? []) ?? [op.answer]).map((entity) => ({ op, entity })) : [];
}

/** Each entity but the first is one too many, and so is a second creation of the same one. */
function judgeKey(judgement: Judgement, key: string, sightings: readonly Sighting[]): void {
  const created = sightings.filter(({ op }) => op.f === "upsert").sort((a, b) => a.op.ret - b.op.ret);
  const seen = new Map<string, Sighting>();
  for (const sighting of [...created, ...sightings]) {
    const name = encode(sighting.entity);
    if (!seen.has(name)) seen.set(name, sighting);
  }
  const [first, second] = created.length > 1 ? created : [...seen.values()];
  if (first === undefined || second === undefined) return;
  const count = Math.max(created.length, seen.size) - 1;
  judgement.add({
    ...{ kind: "several-entities", key, operations: [first.op, second.op], count },
    sentence: (seconds) =>
      `process ${first.op.process} ${verb(first)} ${show(first.entity)} by ${seconds(first.op.completedAtNs)}, and ` +
      `process ${second.op.process} ${verb(second)} ${show(second.entity)} by ${seconds(second.op.completedAtNs)}, though ` +
      "a key has one entity at most",
  });
}

function verb({ op }: Sighting): string {
  return op.f === "upsert" ? "created" : "read";
}

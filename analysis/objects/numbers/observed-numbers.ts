import { isMap } from "../../value-shapes.ts";
import { adds, counterHistory, type Observation } from "../counter/counter-history.ts";
import { byKey, type ObjectOperation } from "../operations.ts";

/** A number that only grows, and what operations saw of it. */
export interface GrowingNumber {
  readonly name: string;
  /** In the order of their invocations. */
  readonly observations: readonly Observation[];
}

/** The numbers of a history, and the keys whose operations are on something else. */
export interface GrowingNumbers {
  readonly numbers: readonly GrowingNumber[];
  readonly others: readonly { readonly key: string; readonly operations: number }[];
}

/**
 * Numbers that only grow: one a key, where operations are answered with a number; or several, by name, where they are
 * answered with a map, as in Elle's graph of monotonic keys. A key that is never added to holds no such number.
 */
export function growingNumbers(operations: readonly ObjectOperation[]): GrowingNumbers {
  const numbers: GrowingNumber[] = [];
  const others: { key: string; operations: number }[] = [];
  for (const [key, ofKey] of byKey(operations.filter(isOnNumbers))) {
    const named = ofKey.some(({ answer }) => isMap(answer)) ? namedNumbers(key, ofKey) : soleNumber(key, ofKey);
    if (named === null) others.push({ key, operations: ofKey.length });
    else numbers.push(...named);
  }
  return { numbers, others };
}

function isOnNumbers(op: ObjectOperation): boolean {
  return adds(op) || op.f === "read";
}

function soleNumber(key: string, operations: readonly ObjectOperation[]): readonly GrowingNumber[] | null {
  if (!operations.some(adds)) return [];
  const history = counterHistory(operations);
  if (history === null || history.additions.some(({ amount }) => amount < 0)) return null;
  return [{ name: key, observations: history.observations }];
}

/** Null where they are no numbers, or may have been lowered. */
function namedNumbers(key: string, operations: readonly ObjectOperation[]): readonly GrowingNumber[] | null {
  const byName = new Map<string, Observation[]>();
  for (const op of operations) {
    if (lowers(op)) return null;
    if (op.outcome !== "ok" || (op.answer ?? null) === null) continue;
    if (!isMap(op.answer)) return null;
    for (const [name, value] of Object.entries(op.answer)) {
      if (value === null) continue;
      if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
      const observations = byName.get(name) ?? [];
      observations.push({ op, value, own: 0 });
      byName.set(name, observations);
    }
  }
  return [...byName].map(([name, observations]) => ({ name: key === "" ? name : `${key}.${name}`, observations }));
}

/** Whether an operation may have made any number lower. */
function lowers(op: ObjectOperation): boolean {
  if (!adds(op) || op.outcome === "fail") return false;
  const amounts = isMap(op.asked) ? Object.values(op.asked) : [op.asked];
  return amounts.some((amount) => typeof amount === "number" && amount < 0);
}

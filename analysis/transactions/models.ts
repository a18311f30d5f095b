import type { CycleClass, CycleName, Extent } from "./cycles.ts";

/** What is wrong with transactions besides cycles, with its meaning for people. */
export const anomalyMeanings = {
  "duplicate-elements": "a list was read that holds an element twice",
  "cyclic-versions": "values of a key each replaced one another",
  phantom: "something was read that no transaction wrote",
  "incompatible-order": "two reads of a list saw its elements in different orders",
  G1a: "a transaction read what another wrote that was certainly aborted (aborted read)",
  G1b: "a transaction read what another wrote and then replaced itself (intermediate read)",
  "dirty-update": "a committed transaction built on what an aborted one wrote",
  internal: "a transaction read something else than it had itself read or written before",
  "future-read": "a transaction read what it wrote only later",
  "lost-update": "two transactions read the same version and both replaced it",
} as const satisfies Record<string, string>;
export type NonCycleName = keyof typeof anomalyMeanings;
export type AnomalyName = NonCycleName | CycleName;

export const cycleMeanings: Readonly<Record<CycleClass, string>> = {
  G0: "transactions overwrote one another in a circle (write cycle)",
  G1c: "transactions read from and overwrote one another in a circle (circular information flow)",
  "G-single": "a transaction saw part of what came before another and missed the rest (read skew)",
  "G-nonadjacent": "transactions missed one another's writes in a circle, never two in a row",
  "G2-item": "transactions missed one another's writes in a circle (write skew)",
};

interface Model {
  /** Models that are weaker: what they forbid, this one forbids. */
  readonly above: readonly string[];
  readonly forbids: readonly AnomalyName[];
  readonly extent: Extent;
}

const cyclesWith = (classes: readonly CycleClass[], extent: "process" | "realtime"): CycleName[] =>
  classes.map((name): CycleName => `${name}-${extent}`);

const snapshotCycles = ["G0", "G1c", "G-single", "G-nonadjacent"] as const;
const allCycles = [...snapshotCycles, "G2-item"] as const;

/**
 * Consistency models from weak to strong, each with what it forbids first. After Adya's thesis, and for snapshot
 * isolation Cerone and others: a history has it unless some cycle has no two rw edges in a row.
 */
export const models = {
  "read-uncommitted": { above: [], forbids: ["G0", "duplicate-elements", "cyclic-versions"], extent: "data" },
  "read-committed": {
    above: ["read-uncommitted"],
    forbids: ["G1a", "G1b", "G1c", "incompatible-order", "dirty-update", "phantom"],
    extent: "data",
  },
  "read-atomic": { above: ["read-committed"], forbids: ["internal", "future-read"], extent: "data" },
  "consistent-view": { above: ["read-committed"], forbids: ["G-single", "lost-update"], extent: "data" },
  "snapshot-isolation": { above: ["read-atomic", "consistent-view"], forbids: ["G-nonadjacent"], extent: "data" },
  "repeatable-read": {
    above: ["read-committed"],
    forbids: ["G-single", "G-nonadjacent", "G2-item", "lost-update"],
    extent: "data",
  },
  serializable: { above: ["snapshot-isolation", "repeatable-read"], forbids: [], extent: "data" },
  "strong-session-snapshot-isolation": {
    above: ["snapshot-isolation"],
    forbids: cyclesWith(snapshotCycles, "process"),
    extent: "process",
  },
  "strong-session-serializable": {
    above: ["serializable", "strong-session-snapshot-isolation"],
    forbids: cyclesWith(allCycles, "process"),
    extent: "process",
  },
  "strong-snapshot-isolation": {
    above: ["strong-session-snapshot-isolation"],
    forbids: cyclesWith(snapshotCycles, "realtime"),
    extent: "realtime",
  },
  "strict-serializable": {
    above: ["strong-session-serializable", "strong-snapshot-isolation"],
    forbids: cyclesWith(allCycles, "realtime"),
    extent: "realtime",
  },
} as const satisfies Record<string, Model>;
export type ModelName = keyof typeof models;
export const modelNames = Object.keys(models) as [ModelName, ...ModelName[]];

const table: Readonly<Record<string, Model>> = models;
const extentOrder: readonly Extent[] = ["data", "process", "realtime"];

/** Of a model: itself and all that are weaker; and all anomalies that it forbids. */
const weaker = new Map<ModelName, ReadonlySet<string>>(modelNames.map((model) => [model, new Set(closure(model))]));
const forbidden = new Map<ModelName, ReadonlySet<AnomalyName>>(
  modelNames.map((model) => [model, new Set(closure(model).flatMap((one) => table[one]?.forbids ?? []))]),
);

function closure(model: string): string[] {
  return [model, ...(table[model]?.above ?? []).flatMap(closure)];
}

export function forbids(model: ModelName, anomaly: AnomalyName): boolean {
  return forbidden.get(model)?.has(anomaly) === true;
}

/** How far edges must reach for the model to be judged. */
export function extentOf(model: ModelName): Extent {
  return models[model].extent;
}

export interface Standing {
  /** Every model that an anomaly rules out. */
  readonly ruledOut: readonly ModelName[];
  /** Those of them that no weaker one of them implies. */
  readonly weakestRuledOut: readonly ModelName[];
  /** The strongest models that nothing found rules out; several that cannot be compared, or none. */
  readonly strongest: readonly ModelName[];
}

/** What anomalies say of all models that edges of this extent can judge. */
export function standingOf(anomalies: readonly AnomalyName[], extent: Extent): Standing {
  const judged = modelNames.filter((model) => extentOrder.indexOf(models[model].extent) <= extentOrder.indexOf(extent));
  const ruledOut = judged.filter((model) => anomalies.some((anomaly) => forbids(model, anomaly)));
  const left = judged.filter((model) => !ruledOut.includes(model));
  const implies = (model: ModelName, other: ModelName): boolean =>
    model !== other && weaker.get(model)?.has(other) === true;
  return {
    ruledOut,
    weakestRuledOut: ruledOut.filter((model) => !ruledOut.some((other) => implies(model, other))),
    strongest: left.filter((model) => !left.some((stronger) => implies(stronger, model))),
  };
}
